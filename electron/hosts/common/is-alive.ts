/** True while a process with this pid exists, whoever owns it. */
export const isAlive = (pid: number): boolean => {
  // Expects ESRCH (no such process) and EPERM (another user's, so it lives).
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
