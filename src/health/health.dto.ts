import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** What /healthz answers. */
export class Alive {
  @ApiProperty({ example: true })
  ok!: boolean;
}

/** What /readyz answers. */
export class Ready {
  @ApiProperty({ example: true })
  ready!: boolean;

  @ApiPropertyOptional({
    example: { nats: { connected: false } },
    description: 'What is out of order without making the node unready',
  })
  details?: object;
}

/** What /readyz answers with 503: an error like any other, and why. */
export class NotReady {
  @ApiProperty({ example: 503 })
  statusCode!: number;

  @ApiProperty({ example: 'not_ready' })
  code!: string;

  @ApiProperty({ example: 'not ready' })
  message!: string;

  @ApiProperty({ example: false })
  ready!: boolean;

  @ApiProperty({
    example: { drain: { status: 'up' }, redis: { status: 'down', since: '2026-01-01T12:00:00.000Z' } },
    description: 'What was looked at, and how it is',
  })
  details!: object;
}
