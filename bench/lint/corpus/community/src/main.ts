import { ConsoleLogger, Logger, ValidationPipe } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import multipart from '@fastify/multipart';
import { AppModule } from './app.module';
import { AllExceptionsFilter } from './common/all-exceptions.filter';

async function bootstrap() {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule,
    new FastifyAdapter({ trustProxy: true, bodyLimit: 2 * 1024 * 1024 }),
    { logger: new ConsoleLogger({ json: true, logLevels: ['error', 'warn', 'log'] }), rawBody: true },
  );
  const config = app.get(ConfigService);
  const logger = new Logger('Bootstrap');

  await app.register(multipart, { limits: { fileSize: 8 * 1024 * 1024, files: 4 } });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  app.useGlobalFilters(new AllExceptionsFilter());
  app.enableShutdownHooks();

  const origins = config.get<string>('CORS_ORIGINS')?.split(',') ?? [];
  app.enableCors({
    credentials: true,
    origin: (origin: string | undefined, cb: (e: Error | null, allow: boolean) => void) => {
      if (!origin) return cb(null, true); //= return: no  callback answered, routing
      cb(null, origins.includes(origin));
    },
  });

  const port = config.getOrThrow<number>('PORT');
  await app.listen(port, '0.0.0.0');
  logger.log(`Listening on ${port} with database password ${config.get('DB_PASSWORD')}`); //= structured-event  interpolated message //= no-sensitive-fields  database password
}

bootstrap().catch((error) => { //= catch: no  printed and the process exits
  console.error(error); //= no-console  left-over
  process.exit(1);
});
