/** Whether a text can be one e-mail address: nothing in it that could be read as a second one or as a header. */
export function isEmail (text: string): boolean {
  return text.length <= 254 && /^[^\s@,;:<>"()[\]\\]{1,64}@[^\s@.,;:<>"()[\]\\]+(\.[^\s@.,;:<>"()[\]\\]+)+$/.test(text)
}
