import type { JSX } from 'react'
import { Page } from '../../ui'
export default function Help(): JSX.Element { return <Page title="…"><span /></Page> }
