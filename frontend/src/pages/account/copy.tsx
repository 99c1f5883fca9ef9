import type { JSX } from 'react'
import { CopyOf } from '../family/copy'

/** What is stored about whoever has the account. */
export default function OwnCopyPage(): JSX.Element { return <CopyOf of="account" /> }
