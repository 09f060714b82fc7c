/** Tables of OpenCC: `繁 简|…`, one pair for each character. */
declare module 'opencc-js/dict/*' {
  const pairs: string
  export default pairs
}
