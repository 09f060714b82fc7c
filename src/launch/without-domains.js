// Loaded before each test file. tap follows every promise through async_hooks, so that it may name the test to which a stray error belongs: a fifth of
// all the time that tests take. Without it a stray error ends its file, which fails just as well.
import hooks from 'node:async_hooks'
import { syncBuiltinESMExports } from 'node:module'

const { createHook } = hooks

hooks.createHook = callbacks => {
  const isDomain = Object.keys(callbacks).sort().join() === 'destroy,init' // as the package async-hook-domain makes them
  return createHook(isDomain ? {} : callbacks)
}
syncBuiltinESMExports()
