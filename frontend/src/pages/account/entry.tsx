import type { RouteObject } from 'react-router'
import { NotFound } from '../../app/states'
import { ClaimPage } from './claim'
import { GuardianInvitation, StaffInvitation } from './invitation'
import { ForgotPassword, NewPassword } from './password'
import { Confirm, EmailConfirm, Register } from './register'
import { SignIn } from './sign-in'

export const routes: RouteObject[] = [
  { path: 'anmelden', element: <SignIn /> },
  { path: 'registrieren', element: <Register /> },
  { path: 'bestaetigen', element: <Confirm /> },
  { path: 'passwort-vergessen', element: <ForgotPassword /> },
  { path: 'passwort-neu', element: <NewPassword /> },
  { path: 'einladung', element: <StaffInvitation /> },
  { path: 'email-bestaetigen', element: <EmailConfirm /> },
  { path: 'elternteil-einladung', element: <GuardianInvitation /> },
  { path: 'code', element: <ClaimPage /> },
  { path: '*', element: <NotFound /> },
]
