import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiError } from '../../core/errors.js';
import { MAX_ID } from '../claims/ids.js';

/** Reads the conversation's id, decoded already, out of the path. */
@Injectable()
export class ConversationPipe implements PipeTransform<string, string> {
  /** @throws ApiError `not_found` where the path has none, `bad_conversation` (400) if it is too long. */
  transform(id: string): string {
    if (id === '') throw new ApiError('not_found');
    if (id.length > MAX_ID) throw new ApiError('bad_conversation');
    return id;
  }
}
