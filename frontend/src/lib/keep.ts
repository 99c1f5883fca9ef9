/** Gives a file to the browser, to be kept where the person says. */
export function keep(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has not read it yet when the click returns.
  setTimeout(() => URL.revokeObjectURL(address), 1000)
}
