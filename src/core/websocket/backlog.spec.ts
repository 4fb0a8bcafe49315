import { MessageBacklog } from './backlog.js';

class Reader {
  paused = false;
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
}

describe('MessageBacklog', () => {
  it('hands over what came, in order, with its kind', () => {
    const backlog = new MessageBacklog(new Reader());
    backlog.add(Buffer.from('one'), false);
    backlog.add(Buffer.from('two'), true);
    const got: unknown[] = [];
    backlog.replay((data, isBinary) => got.push([String(data), isBinary]));
    expect(got).toEqual([
      ['one', false],
      ['two', true],
    ]);
  });

  it('keeps bytes of its own: the received ones belong to the socket', () => {
    const backlog = new MessageBacklog(new Reader());
    const data = Buffer.from('offer');
    backlog.add(data, false);
    data.fill(0);
    backlog.replay((kept) => expect(String(kept)).toBe('offer'));
    expect.assertions(1);
  });

  it('stops reading from who says too much, and reads on once all is handed over', () => {
    const reader = new Reader();
    const backlog = new MessageBacklog(reader);
    backlog.add(Buffer.alloc(256 * 1024), false);
    expect(reader.paused).toBe(false);
    backlog.add(Buffer.from('x'), false);
    expect(reader.paused).toBe(true);
    backlog.replay(() => expect(reader.paused).toBe(true));
    expect(reader.paused).toBe(false);
  });

  it('hands over one at a time, and takes more meanwhile', () => {
    const reader = new Reader();
    const backlog = new MessageBacklog(reader);
    const text = () => backlog.take()?.data.toString();
    backlog.add(Buffer.from('one'), true);
    backlog.add(Buffer.alloc(256 * 1024, 'x'), true);
    expect(text()).toBe('one');
    backlog.add(Buffer.from('three'), true);
    expect([text()?.length, text(), reader.paused]).toEqual([256 * 1024, 'three', true]);
    expect([text(), reader.paused]).toEqual([undefined, false]);
    backlog.add(Buffer.from('four'), true);
    expect([text(), reader.paused]).toEqual(['four', false]);
  });
});
