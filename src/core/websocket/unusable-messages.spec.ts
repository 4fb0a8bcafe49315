import { FakeClock } from '../../../test/support/fake-clock.js';
import { parseSettings } from '../../config/parse-settings.js';
import { UnusableMessages } from './unusable-messages.js';

describe('UnusableMessages', () => {
  const clock = new FakeClock();
  const socket = (): { close: jest.Mock } => ({ close: jest.fn() });
  const withLimit = (limit: number): UnusableMessages =>
    new UnusableMessages(parseSettings({ WS_BAD_FRAMES_PER_MIN: String(limit) }), clock);

  it('closes a socket with 4501 at one more than the limit within a minute', () => {
    const [unusable, one] = [withLimit(3), socket()];
    for (let i = 0; i < 3; i++) unusable.count(one);
    expect(one.close).not.toHaveBeenCalled();
    unusable.count(one);
    expect(one.close).toHaveBeenCalledWith(4501, 'too many unusable frames');
  });

  it('begins anew a minute after the first', () => {
    const [unusable, one] = [withLimit(1), socket()];
    unusable.count(one);
    clock.advance(60_000);
    unusable.count(one);
    expect(one.close).not.toHaveBeenCalled();
    unusable.count(one);
    expect(one.close).toHaveBeenCalled();
  });

  it('counts every socket for itself', () => {
    const [unusable, one, other] = [withLimit(1), socket(), socket()];
    unusable.count(one);
    unusable.count(other);
    expect([one.close.mock.calls, other.close.mock.calls]).toEqual([[], []]);
  });

  it('closes nobody where there is no limit', () => {
    const [unusable, one] = [withLimit(0), socket()];
    for (let i = 0; i < 1000; i++) unusable.count(one);
    expect(one.close).not.toHaveBeenCalled();
  });
});
