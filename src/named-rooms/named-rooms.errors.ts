/**
 * What goes wrong on an open socket, which stays open. The key is the stable `code` of the error frame, the value the
 * text for a person. `misuse` counts towards WS_BAD_FRAMES_PER_MIN: a client that knows the protocol never causes it.
 */
const ROOM_ERRORS = {
  bad_frame: { message: 'this is no frame of the protocol', misuse: true },
  bad_key: { message: 'publicKey must be a public key as a JWK', misuse: true },
  bad_proof: { message: 'the signature does not answer a challenge', misuse: true },
  not_registered: { message: 'register first', misuse: true },
  already_registered: { message: 'this socket has registered already', misuse: true },
  unknown_peer: { message: 'nobody else in this room has that id', misuse: false },
  id_in_use: { message: 'another connection holds this id', misuse: false },
  room_full: { message: 'the room is full', misuse: false },
  unavailable: { message: 'the room cannot be entered at the moment; try again', misuse: false },
} as const;

export type RoomErrorCode = keyof typeof ROOM_ERRORS;

export const ROOM_ERROR_CODES = Object.keys(ROOM_ERRORS) as [...RoomErrorCode[], RoomErrorCode];

/** An error of the table. */
export class RoomError extends Error {
  readonly misuse: boolean;

  /** @param message instead of the table's; never with anything of the client's in it */
  constructor(
    readonly code: RoomErrorCode,
    message: string = ROOM_ERRORS[code].message,
  ) {
    super(message);
    this.misuse = ROOM_ERRORS[code].misuse;
  }
}
