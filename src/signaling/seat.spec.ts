import { ApiError } from '../core/errors.js';
import { Seat } from './seat.js';

const ROOM = '0f8fad5b-d9cb-469f-a165-70867728950e';

function seat(query: string): Seat | string {
  try {
    return Seat.from({ path: '/ws', params: {}, query: new URLSearchParams(query), address: '' });
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

describe('the handshake of /ws', () => {
  it('names a room and a side; the room in any form of UUID', () => {
    for (const appID of [ROOM, `%7B${ROOM.toUpperCase()}%7D`, ROOM.replaceAll('-', '')]) {
      expect(seat(`appID=${appID}&side=A`)).toMatchObject({
        roomId: ROOM,
        roomKey: `nt:${ROOM}`,
        side: 'A',
        otherSide: 'B',
      });
    }
    expect(seat(`appID=${ROOM}&side=B`)).toMatchObject({ side: 'B', otherSide: 'A' });
  });

  it.each(['', 'side=A', 'appID=&side=A', 'appID=room-1&side=A', `appid=${ROOM}&side=A`, 'appID=x&side=C'])(
    'is refused for its appID: %s',
    (query) => {
      expect(seat(query)).toBe('invalid_app_id');
    },
  );

  it.each(['', '&side=', '&side=a', '&side=b', '&side=AB', '&side=C', '&side=A%20', '&Side=A'])(
    'is refused for its side: %s',
    (rest) => {
      expect(seat(`appID=${ROOM}${rest}`)).toBe('invalid_side');
    },
  );

  it('says by a sid, even an empty one, that mail shall come as deliver', () => {
    expect(seat(`appID=${ROOM}&side=A`)).toMatchObject({ dialect: 'send' });
    for (const sid of ['&sid=', '&sid=x', '&sid'])
      expect(seat(`appID=${ROOM}&side=A${sid}`)).toMatchObject({ dialect: 'deliver' });
  });

  it('asks for errors with errors=1 and nothing else', () => {
    expect(seat(`appID=${ROOM}&side=A&errors=1`)).toMatchObject({ explains: true });
    for (const rest of ['', '&errors=', '&errors=0', '&errors=true']) {
      expect(seat(`appID=${ROOM}&side=A${rest}`)).toMatchObject({ explains: false });
    }
  });

  it('leaves the seat without a room and without mail', () => {
    const { room, cursor } = seat(`appID=${ROOM}&side=A`) as Seat;
    expect([room, cursor]).toEqual([undefined, undefined]);
  });
});
