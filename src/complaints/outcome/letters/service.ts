export { LETTER_LIMITS, quoteArticles, type LetterDemand, type LetterText } from '../../case/ledger/letter-text.ts'
export { decideLetter } from './approvals.ts'
export { openDraft, saveLetter, withdrawLetter, type Person } from './drafts.ts'
export { decideProposal, issueLetter, proposeLetter } from './issue.ts'
