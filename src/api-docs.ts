import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { version } from './command-line.js';

/** OpenAPI: the page at /docs, the document at /docs-json. */
export function serveApiDocs(app: NestFastifyApplication): void {
  const config = new DocumentBuilder()
    .setTitle('Signalbox')
    .setDescription(
      'Introduces WebRTC peers. Paths of WebSockets stand here with their parameters and with what they answer instead of opening one; the frames are described in docs/protocols.md.',
    )
    .setVersion(version())
    .addTag('rendezvous', 'Pairing codes')
    .addTag('signaling', 'NoisyTransfer: two peers, and mail for the absent one')
    .addTag('named rooms', 'Many peers, known by their public keys')
    .addTag('sigver', 'Groups of netflux peers')
    .addTag('voice', 'Audio conversations')
    .addTag('operations', 'For load balancers and Prometheus')
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config));
}
