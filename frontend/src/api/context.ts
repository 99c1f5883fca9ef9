import { createContext, useContext } from 'react'
import { rootApi, type ApiClient } from './client'

/** The client of the tenant whose pages are shown; outside a tenant the root client. */
export const ApiContext = createContext<ApiClient>(rootApi)
export const useApi = (): ApiClient => useContext(ApiContext)
