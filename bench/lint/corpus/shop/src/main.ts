import { ValidationPipe, VersioningType } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import helmet from 'helmet';
import { Logger, LoggerErrorInterceptor } from 'nestjs-pino';
import { AppModule } from './app.module';
import { AllExceptionsFilter } from './common/all-exceptions.filter';

async function bootstrap() {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, { bufferLogs: true, rawBody: true });
  const logger = app.get(Logger);
  app.useLogger(logger);
  app.useGlobalInterceptors(new LoggerErrorInterceptor());
  app.useGlobalFilters(app.get(AllExceptionsFilter));
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  app.enableVersioning({ type: VersioningType.URI });
  app.enableShutdownHooks();
  app.use(helmet());

  const config = app.get(ConfigService);
  if (config.get<boolean>('swagger.enabled')) {
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Shop').build());
    SwaggerModule.setup('docs', app, document);
  }

  const port = config.getOrThrow<number>('port');
  await app.listen(port);
  logger.log(`Listening on port ${port}`, 'Bootstrap'); //= structured-event  port interpolated
  logger.debug({ env: process.env }, 'Environment'); //= no-sensitive-fields  whole environment with all secrets
}

bootstrap().catch((err) => { //= catch: no  printed, process ends
  console.error('Bootstrap failed', err); //= no-console  raw console
  process.exit(1);
});
