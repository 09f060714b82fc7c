import { Button, CharacterCount, createAll, ErrorSummary, NotificationBanner, Radios } from 'govuk-frontend'
import { offerComfort } from './comfort.js'
import { foldFacets } from './facets.js'
import { listFiles } from './files.js'
import { warnIdle } from './idle.js'
import { offerPrint } from './print.js'
import { offerScan } from './scan.js'
import { showUploads } from './upload.js'
import { countPicks } from './queue.js'
import { listenForKeys } from './shortcuts.js'
import { takeSlip } from './slip.js'
import { redact } from './redact.js'

// The components refuse to start without these classes; a page without script keeps its plain forms.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')
for (const Component of [Button, CharacterCount, ErrorSummary, NotificationBanner, Radios]) createAll(Component)
offerComfort()
foldFacets()
listFiles()
offerPrint()
redact()
offerScan()
showUploads()
takeSlip()
warnIdle()
countPicks()
listenForKeys()
