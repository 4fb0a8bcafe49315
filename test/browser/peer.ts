/// <reference lib="dom" />

/** Runs in a page: signals over the WebSocket until a data channel is open, says hello, and resolves to what it hears. */
export async function connectPeer(url: string, side: string): Promise<string> {
  const ws = new WebSocket(url);
  const pc = new RTCPeerConnection();
  const send = (frame: object): void => ws.send(JSON.stringify(frame));
  const candidates: RTCIceCandidateInit[] = [];

  const heard = new Promise<string>((resolve) => {
    const listen = (channel: RTCDataChannel): void => {
      channel.onopen = () => channel.send(`hello from ${side}`);
      channel.onmessage = ({ data }) => resolve(String(data));
    };
    if (side === 'A') listen(pc.createDataChannel('talk'));
    else pc.ondatachannel = ({ channel }) => listen(channel);
  });
  pc.onicecandidate = ({ candidate }) => send({ type: 'ice', cand: candidate });

  const take = async (description: RTCSessionDescriptionInit): Promise<void> => {
    await pc.setRemoteDescription(description);
    for (const candidate of candidates.splice(0)) await pc.addIceCandidate(candidate);
  };
  ws.onopen = () => send({ type: 'hello', side });
  ws.onmessage = async ({ data }) => {
    const frame = JSON.parse(String(data)) as {
      type: string;
      sdp: RTCSessionDescriptionInit;
      cand: RTCIceCandidateInit | null;
    };
    if (frame.type === 'room_full' && side === 'A') {
      await pc.setLocalDescription();
      send({ type: 'offer', sdp: pc.localDescription });
    } else if (frame.type === 'offer') {
      await take(frame.sdp);
      await pc.setLocalDescription();
      send({ type: 'answer', sdp: pc.localDescription });
    } else if (frame.type === 'answer') {
      await take(frame.sdp);
    } else if (frame.type === 'ice' && frame.cand) {
      if (pc.remoteDescription) await pc.addIceCandidate(frame.cand);
      else candidates.push(frame.cand);
    }
  };
  return heard;
}
