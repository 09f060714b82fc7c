declare module 'heic-decode' {
  interface Picture { width: number, height: number, data: Uint8ClampedArray }
  interface Packed { width: number, height: number, decode: () => Promise<Picture> }
  const decode: { all: (given: { buffer: Uint8Array }) => Promise<Packed[] & { dispose: () => void }> }
  export default decode
}
