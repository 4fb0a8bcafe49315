import type { Line } from './node-bus.js';
import { RemoteMember } from './remote-member.js';

describe('RemoteMember', () => {
  const line = { send: jest.fn(), note: jest.fn(), ask: jest.fn() } satisfies Line;
  const member = new RemoteMember('far:1', line);
  const answers = (answer: boolean | undefined) => line.ask.mockResolvedValueOnce(answer);

  it('passes on what is for it', () => {
    member.send('frame');
    member.note('note');
    expect(line.send).toHaveBeenCalledWith('far:1', 'frame');
    expect(line.note).toHaveBeenCalledWith('far:1', 'note');
  });

  it.each([true, false])('shows a sign of life, or not, and yields, or not, as its node says: %s', async (answer) => {
    answers(answer);
    expect(await member.challenge()).toBe(answer);
    answers(answer);
    expect(await member.displaceSilent()).toBe(answer);
  });

  it('is left alone while its node does not answer', async () => {
    answers(undefined);
    expect(await member.challenge()).toBe(true);
    answers(undefined);
    expect(await member.displaceSilent()).toBe(false);
  });

  it('is ended by its node', async () => {
    answers(undefined);
    await member.evict({ code: 4500, reason: 'displaced' });
    expect(line.ask).toHaveBeenLastCalledWith('far:1', 'evict', { code: 4500, reason: 'displaced' });
  });
});
