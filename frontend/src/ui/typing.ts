// Whether the last thing somebody did was to type or choose, and not to press a button: messages that come or go meanwhile may not take
// the focus away from where the hand is.
let last = false
document.addEventListener('input', () => { last = true }, true)
document.addEventListener('submit', () => { last = false }, true)
// A choice is told of by its click, before there is any input.
document.addEventListener('click', (event) => { last = event.target instanceof Element && !event.target.closest('button, a') && (last || Boolean(event.target.closest('label, input'))) }, true)

export const isTyping = (): boolean => last
