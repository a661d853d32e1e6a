import { z } from 'zod'
import { parseJson } from '../common/parse-json.ts'
import { readIfThere, writePrivateFile } from '../common/private-files.ts'

const stateSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
  isMaximised: z.boolean(),
})
export type WindowState = z.infer<typeof stateSchema>

export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The smallest window in which sidebar and one terminal of 80 columns fit. */
export const smallestWindow = { width: 720, height: 480 } as const
const usualSize = { width: 1280, height: 800 } as const
// Enough of the title bar to take hold of the window with the mouse.
const graspable = 100

/**
 * Where to open the window: as it was left, when enough of that is on a display that is still there; otherwise in the
 * usual size, placed by the system.
 */
export const placeWindow = (
  saved: WindowState | null,
  displays: readonly Area[],
): Partial<Area> & { width: number; height: number } => {
  if (saved === null) return usualSize
  const width = Math.max(saved.width, smallestWindow.width)
  const height = Math.max(saved.height, smallestWindow.height)
  const isVisible = displays.some(
    (display) =>
      overlap(saved.x, width, display.x, display.width) >= graspable &&
      saved.y >= display.y &&
      saved.y <= display.y + display.height - graspable,
  )
  return isVisible ? { x: saved.x, y: saved.y, width, height } : { width, height }
}

const overlap = (start: number, length: number, otherStart: number, otherLength: number) =>
  Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart)

/** The state that was saved, or null when there is none that can be read. */
export const readWindowState = (file: string): WindowState | null => {
  const parsed = stateSchema.safeParse(parseJson(readIfThere(file) ?? ''))
  return parsed.success ? parsed.data : null
}

export const saveWindowState = (file: string, state: WindowState): void => writePrivateFile(file, JSON.stringify(state))
