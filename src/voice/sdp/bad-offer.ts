/** An offer that cannot be answered; the message is for the client and names nothing of the offer's own. */
export class BadOffer extends Error {}
