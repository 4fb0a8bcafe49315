// Mints codes and redeems them over kept-alive connections; checks that the two answers belong together.
import { Agent, request } from 'node:http';

const JSON_HEADERS = { 'content-type': 'application/json' };

/** Resolves with the number of pairs of requests answered rightly. */
export async function mintAndRedeem({ port, pairs, width = 10 }) {
  const agent = new Agent({ keepAlive: true, maxSockets: width });
  let left = pairs;
  let right = 0;
  const worker = async () => {
    while (left > 0) {
      left--;
      const minted = await post(agent, port, '/rendezvous/code', '{"ttl":600}');
      const redeemed = await post(agent, port, '/rendezvous/redeem', JSON.stringify({ code: minted.code }));
      if (redeemed.appID === minted.appID && redeemed.expiresAt === minted.expiresAt) right++;
    }
  };
  try {
    await Promise.all(Array.from({ length: width }, worker));
  } finally {
    agent.destroy();
  }
  return { sent: pairs, arrived: right };
}

function post(agent, port, path, body) {
  return new Promise((resolve, reject) => {
    const headers = { ...JSON_HEADERS, 'content-length': body.length };
    const call = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('latin1');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${path} answered ${response.statusCode}: ${text}`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
