/** How a document is delivered (送达方式, 民事诉讼法 as 行政处罚法 61 refers to it, and the system itself); words at `delivery_way.<way>`. */
export const DELIVERY_WAYS = ['direct', 'system', 'post', 'left', 'entrusted', 'electronic', 'notice'] as const
export type DeliveryWay = (typeof DELIVERY_WAYS)[number]

/** What came of it; words at `delivery_state.<state>`. */
export const DELIVERY_STATES = ['sent', 'delivered', 'failed'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]
