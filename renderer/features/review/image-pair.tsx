import { useEffect, useState } from 'react'
import type { ReviewFile } from '../../../shared/contract/review.ts'
import { useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { testId } from '../../lib/test-ids.ts'
import { Skeleton } from '../../ui/bits.tsx'
import { useDesk } from './review-context.tsx'

/** A picture before and after, beside each other, with what they measure. */
export const ImagePair = ({ file }: { readonly file: ReviewFile }) => (
  <div className="image-pair">
    {file.oldOid === null ? null : <Picture oid={file.oldOid} caption={file.newOid === null ? 'Deleted' : 'Before'} />}
    {file.newOid === null ? null : <Picture oid={file.newOid} caption={file.oldOid === null ? 'New' : 'After'} />}
  </div>
)

type Image =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly url: string; readonly bytes: number }
  | { readonly kind: 'failed'; readonly message: string }

const Picture = ({ oid, caption }: { readonly oid: string; readonly caption: string }) => {
  const image = useImage(oid)
  const [size, setSize] = useState<string | null>(null)
  return (
    <figure className="picture" data-testid={testId.reviewImage}>
      <div className="picture-frame">
        {image.kind === 'ready' ? (
          <img
            src={image.url}
            alt={caption}
            onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
              setSize(`${naturalWidth} × ${naturalHeight}`)
            }
          />
        ) : image.kind === 'failed' ? (
          <p className="text-12 text-quiet">{image.message}</p>
        ) : (
          <Skeleton width="96px" />
        )}
      </div>
      <figcaption className="text-12 text-faint num">
        {[caption, size, image.kind === 'ready' ? sizeWords(image.bytes) : null].filter(Boolean).join(', ')}
      </figcaption>
    </figure>
  )
}

const useImage = (oid: string): Image => {
  const { api } = useData()
  const { worktreeId } = useDesk()
  const [image, setImage] = useState<Image>({ kind: 'loading' })
  useEffect(() => {
    const asked = { isGone: false }
    void settle(api.review.image({ worktreeId, oid })).then((result) => {
      if (asked.isGone) return
      if (!result.ok) return setImage({ kind: 'failed', message: result.refusal.message })
      const { base64, mime } = result.value
      return setImage({ kind: 'ready', url: `data:${mime};base64,${base64}`, bytes: bytesOf(base64) })
    })
    return () => {
      asked.isGone = true
    }
  }, [api, worktreeId, oid])
  return image
}

/** Four letters hold three bytes, less those that only fill up. */
export const bytesOf = (base64: string): number => (base64.length * 3) / 4 - (/=*$/.exec(base64)?.[0].length ?? 0)

export const sizeWords = (bytes: number): string => {
  if (bytes < 1_000) return `${bytes} bytes`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
