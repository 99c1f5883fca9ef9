import { Fragment, type JSX, type ReactNode } from 'react'

// A small part of Markdown (headings, paragraphs, lists, rules, links, strong, emphasis) made into elements.
// No HTML is ever taken over, so a page written by somebody else cannot bring its own markup.

const INLINE = /\[([^\]]+)\]\(([^)\s]+)\)|\*\*([^*]+)\*\*|\*([^*]+)\*|_([^_]+)_|<((?:https?|mailto|tel):[^>\s]+)>/g
const SAFE = /^(https?:|mailto:|tel:|\/(?!\/)|#)/i

function Anchor({ href, children }: { href: string; children: ReactNode }): JSX.Element {
  if (!SAFE.test(href)) return <>{children}</>
  return <a className="kern-link" href={href} rel="noreferrer noopener">{children}</a>
}

function inline(text: string): ReactNode[] {
  const parts: ReactNode[] = []
  let at = 0
  for (const match of text.matchAll(INLINE)) {
    if (match.index > at) parts.push(text.slice(at, match.index))
    const key = match.index
    const [, label, href, strong, star, under, bare] = match
    if (label !== undefined && href !== undefined) parts.push(<Anchor key={key} href={href}>{label}</Anchor>)
    else if (strong !== undefined) parts.push(<strong key={key}>{strong}</strong>)
    else if (bare !== undefined) parts.push(<Anchor key={key} href={bare}>{bare.replace(/^(mailto|tel):/, '')}</Anchor>)
    else parts.push(<em key={key}>{star ?? under}</em>)
    at = match.index + match[0].length
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts
}

function lines(text: string): ReactNode {
  const rows = text.split('\n')
  return rows.map((row, index) => <Fragment key={index}>{inline(row.trim())}{index < rows.length - 1 && <br />}</Fragment>)
}

function block(text: string, key: number): JSX.Element {
  const heading = /^(#{1,4})\s+(.*)$/.exec(text)
  if (heading) {
    // The page has its own h1, so the text begins at h2.
    const level = Math.min((heading[1] ?? '#').length + (heading[1] === '#' ? 1 : 0), 4)
    const Tag = `h${level}` as 'h2'
    return <Tag key={key} className={level === 2 ? 'kern-heading-medium' : 'kern-heading-small'}>{inline(heading[2] ?? '')}</Tag>
  }
  if (/^(-{3,}|\*{3,})$/.test(text)) return <hr key={key} className="kern-divider" />
  const rows = text.split('\n')
  if (rows.every((row) => /^\s*[-*]\s+/.test(row))) {
    return <ul key={key} className="kern-body kp-list">{rows.map((row, i) => <li key={i}>{inline(row.replace(/^\s*[-*]\s+/, ''))}</li>)}</ul>
  }
  if (rows.every((row) => /^\s*\d+[.)]\s+/.test(row))) {
    return <ol key={key} className="kern-body kp-list">{rows.map((row, i) => <li key={i}>{inline(row.replace(/^\s*\d+[.)]\s+/, ''))}</li>)}</ol>
  }
  return <p key={key} className="kern-body">{lines(text)}</p>
}

export function Markdown({ text }: { text: string }): JSX.Element {
  const blocks = text
    .replaceAll('\r\n', '\n')
    .replace(/^(#{1,4}\s.*)$/gm, '\n$1\n')
    .split(/\n{2,}/)
    .map((part) => part.trim())
    .filter(Boolean)
  return <div className="kp-stack">{blocks.map(block)}</div>
}
