import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { Degradations } from './degradations.js';
import { DependencyIndicator } from './dependency.indicator.js';
import { DrainIndicator } from './drain.indicator.js';
import { Alive, NotReady, Ready } from './health.dto.js';
import { LoadIndicator } from './load.indicator.js';

@ApiTags('operations')
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly drain: DrainIndicator,
    private readonly load: LoadIndicator,
    private readonly dependencies: DependencyIndicator,
    private readonly degradations: Degradations,
  ) {}

  @Get('healthz')
  @ApiOperation({ summary: 'The process lives' })
  @ApiOkResponse({ type: Alive, description: 'It does' })
  alive(): Alive {
    return { ok: true };
  }

  @Get('readyz')
  @ApiOperation({ summary: 'This node takes traffic' })
  @ApiOkResponse({ type: Ready, description: 'It does' })
  @ApiServiceUnavailableResponse({
    type: NotReady,
    description: 'Shutting down, overloaded, or without Redis (`not_ready`); `details` says which',
  })
  async ready(): Promise<Ready> {
    try {
      await this.health.check([() => this.drain.check(), () => this.load.check(), ...this.dependencies.checks()]);
      return { ready: true, ...this.degradations.found() };
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      const { details } = error.getResponse() as HealthCheckResult;
      throw new ServiceUnavailableException({
        statusCode: 503,
        code: 'not_ready',
        message: 'not ready',
        ready: false,
        details,
      });
    }
  }
}
