// A peer of a group by the published netflux 4.3.1, its browser build: the one for Node has no WebRTC. Parameters: url
// (of the signaling server), key. Reports members, messages and states; sends what it is told.
import { createRequire } from 'node:module';
import wrtc from '@roamhq/wrtc';
import WebSocket from 'ws';
import { obey, parameters, report } from '../../noisytransfer-clients/clients/ipc.mjs';

const { RTCPeerConnection, RTCIceCandidate, RTCSessionDescription } = wrtc;
const ignored = { addEventListener() {}, removeEventListener() {} };
const browser = {
  ...ignored,
  RTCPeerConnection,
  RTCIceCandidate,
  RTCSessionDescription,
  WebSocket,
  TextEncoder,
  TextDecoder,
  crypto,
  // No vendor that its WebRTC shim knows, so that it leaves the classes above as they are.
  navigator: { userAgent: 'node', onLine: true },
  document: { ...ignored, visibilityState: 'visible' },
};
for (const [name, value] of Object.entries({ ...browser, window: browser })) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

const { WebGroup, WebGroupState } = createRequire(import.meta.url)('netflux/dist/netflux.browser.es5.umd.js');
const { url, key } = parameters;

const group = new WebGroup({ signalingServer: url, rtcConfiguration: { iceServers: [] } });
const tell = () => report('members', { id: group.myId, members: [...group.members].sort(), state: group.state });
group.onStateChange = (state) => {
  if (state === WebGroupState.JOINED) report('joined', { id: group.myId });
  tell();
};
group.onMemberJoin = tell;
group.onMemberLeave = tell;
group.onMessage = (from, data) => report('message', { from, data });

obey({
  say: ({ data }) => group.send(data),
  leave: () => group.leave(),
});
group.join(key);
