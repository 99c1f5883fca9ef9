import type { JSX } from 'react'
import { Page } from '../../ui'
export default function Start(): JSX.Element { return <Page title="…"><span /></Page> }
