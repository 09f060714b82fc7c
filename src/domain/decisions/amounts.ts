/** Whether a text names an amount in digits already, grouped or not, in 元 or in 万元; `fen` in fen. What is written in characters is not seen. */
export function namesAmount (text: string, fen: number): boolean {
  const plain = text.normalize('NFKC').replace(/(?<=\d)[,\s]+(?=\d|元|万)/g, '')
  const amounts = [...plain.matchAll(/(\d+(?:\.\d+)?)(万?)元/g)]
  return amounts.some(([, number, wan]) => Math.round(Number(number) * (wan === '' ? 100 : 1_000_000)) === fen)
}

/** Whether a text names each of the amounts that a decision orders. */
export function namesAmounts (text: string, { fine_fen: fine, confiscated_fen: confiscated }: { fine_fen: number | null, confiscated_fen: number | null }): boolean {
  return [fine, confiscated].every(fen => fen === null || fen === 0 || namesAmount(text, fen))
}
