import { z } from 'zod'

// zod would try whether it may compile code. The page's policy forbids that, and the browser reports each try.
z.config({ jitless: true })
