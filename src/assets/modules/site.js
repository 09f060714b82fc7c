import { Button, CharacterCount, createAll, ErrorSummary, NotificationBanner, Radios } from 'govuk-frontend'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
createAll(Button)
createAll(CharacterCount)
createAll(ErrorSummary)
createAll(NotificationBanner)
createAll(Radios)
