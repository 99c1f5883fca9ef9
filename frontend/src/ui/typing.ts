// Whether the last thing somebody did was to type or choose, and not to press a button: messages that come or go meanwhile may not take
// the focus away from where the hand is.
let last = false
document.addEventListener('input', () => { last = true }, true)
document.addEventListener('submit', () => { last = false }, true)
document.addEventListener('click', (event) => { if (event.target instanceof Element && event.target.closest('button')) last = false }, true)

export const isTyping = (): boolean => last && Boolean(document.activeElement?.matches('input, textarea, select'))
