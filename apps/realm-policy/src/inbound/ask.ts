import { MessagePattern, Transport } from '@nestjs/microservices';
import { subjects } from '@portico/contracts';
import type { QuestionName } from '@portico/messaging';

/** A method that answers a question. */
export const Ask = ({ service, name }: QuestionName) => MessagePattern(subjects.ask(service, name), Transport.NATS);
