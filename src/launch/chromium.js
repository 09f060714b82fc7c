import { existsSync } from 'node:fs'
import path from 'node:path'

// The shell without windows does the same for a fifth less.
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe', 'msedge.exe']
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
]

/**
 * Path of a program on PATH, or undefined.
 * @param {string} name
 */
export function which (name) {
  return (process.env.PATH ?? '').split(path.delimiter).map(folder => path.join(folder, name)).find(existsSync)
}

/** Path of a Chromium, Chrome or Edge on this machine, or undefined. */
export function findChromium () {
  return NAMES.map(which).find(Boolean) ?? PLACES.find(existsSync)
}
