import { element } from './elements.ts'

/** The words of the buttons that copy code. */
export interface CopyWords {
  copy: string
  copied: string
}

/** Adds a button to each block of code that copies it. Browsers allow copying on HTTPS and localhost only. */
export const addCopyButtons = (root: ParentNode, { copy, copied }: CopyWords): void => {
  if (!navigator.clipboard) return
  for (const code of root.querySelectorAll('pre')) {
    const status = element('span', { class: 'unseen', role: 'status' })
    const button = element('button', { type: 'button', class: 'copy' }, copy)
    let timer: ReturnType<typeof setTimeout> | undefined
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(code.textContent)
      button.textContent = copied
      status.textContent = copied
      clearTimeout(timer)
      timer = setTimeout(() => {
        button.textContent = copy
        status.textContent = ''
      }, 2_000)
    })
    const frame = element('div', { class: 'code-block' })
    code.replaceWith(frame)
    frame.append(code, button, status)
  }
}
