#!/bin/sh
# Notes an edit that an agent is about to make, beside the hook that asks the app about it: the app strikes out what it has
# judged, so what is left was checked by nobody. In plain sh, because it runs before every edit. Never fails.
# All is read first, also where nothing is noted: who writes to one that has ended gets an error.
input=$(cat)
folder="${SWITCHYARD_GATEWAY_FILE%/*}/$SWITCHYARD_SESSION"
[ -n "$SWITCHYARD_SESSION" ] && [ -d "$folder" ] || exit 0
umask 077
# Within a value every quotation mark has a backslash before it, so only true keys match.
value() { printf '%s' "$input" | sed -n "s/.*\"$1\" *: *\"\\([^\"]*\\)\".*/\\1/p" | head -n 1; }
id=$(value tool_use_id)
path=$(value 'file_path')
[ -n "$path" ] || path=$(value notebook_path)
[ -n "$id" ] && printf '%s %s\n' "$id" "$path" >> "$folder/edits-begun"
exit 0
