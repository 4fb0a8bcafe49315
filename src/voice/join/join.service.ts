import { Injectable } from '@nestjs/common';
import { PermissionService } from '../permissions/permission-service.js';
import { Whereabouts } from '../whereabouts/whereabouts.js';
import { JoinMetrics } from './join.metrics.js';

/** Lets users into conversations. */
@Injectable()
export class JoinService {
  constructor(
    private readonly permissions: PermissionService,
    private readonly whereabouts: Whereabouts,
    private readonly metrics: JoinMetrics,
  ) {}

  /**
   * Moves all clients of the user into the conversation, on every node, if the permission service lets it. Of two joins
   * under way the one that began later counts, however long each is thought about.
   * @throws ApiError as {@link PermissionService.check}; then nothing has changed.
   */
  async join(user: string, conversation: string): Promise<void> {
    const stamp = this.whereabouts.stamp();
    try {
      await this.permissions.check(user, conversation);
    } catch (error) {
      this.metrics.refused(error);
      throw error;
    }
    this.whereabouts.move(user, conversation, stamp);
    this.metrics.joins.add('joined');
  }
}
