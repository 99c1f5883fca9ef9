import '@testing-library/jest-dom/vitest'

// jsdom has no modal dialogs yet.
HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) { this.open = true }
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) { this.open = false }
