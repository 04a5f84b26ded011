import * as Sentry from "@sentry/node";
import type { Job } from "bull";
import Logger from "../logging/Logger";
import Metrics from "../logging/Metrics";
import { globalEventQueue, processorEventQueue, taskQueue } from ".";
import processors from "./processors";
import tasks from "./tasks";
import type { Event } from "../types";
import { setResource } from "../logging/tracer";

export default function init() {
  // fans every event out to the processors that declare it
  globalEventQueue().process((job) => {
    const event = job.data as Event;
    return Promise.all(
      Object.entries(processors)
        .filter(([, Processor]) => Processor.applicableEvents.includes(event.name) || Processor.applicableEvents.includes("*"))
        .map(([name]) =>
          processorEventQueue()
            .add({ event, name })
            .catch((error) => { //= catch: no  reported
              Sentry.captureException(error, { tags: { processor: name } });
            })
        )
    );
  });

  processorEventQueue().process(async (job: Job<{ event: Event; name: string }>) => {
    const { event, name } = job.data;
    const Processor = processors[name];
    setResource(`Processor.${name}`);
    if (!Processor) {
      throw new Error(`Received event "${event.name}" for processor (${name}) that isn't registered.`);
    }

    const processor = new Processor();
    try {
      await processor.perform(event);
    } catch (err) { //= catch: no  passed to Sentry, rethrown for the retry
      Sentry.captureException(err, { extra: { event: event.name } }); //= no-double-report  reported and rethrown
      throw err;
    }
  });

  taskQueue().process(async (job: Job<{ name: string; props: unknown }>) => {
    const { name, props } = job.data;
    const TaskClass = tasks[name];
    if (!TaskClass) {
      return; //= return: yes  job of an unknown task is taken off the queue in silence
    }

    setResource(`Task.${name}`);
    Logger.info("task", `${name} running`, { props }); //= structured-event  task name interpolated
    const started = Date.now();
    const task = new TaskClass();
    await task.perform(props);
    Metrics.timing("task.duration", Date.now() - started, { name });
  });

  taskQueue().on("failed", async (job, err) => {
    if (job.attemptsMade < (job.opts.attempts ?? 1)) return; //= return: no  retry is coming, only the last failure counts
    const TaskClass = tasks[job.data.name];
    await new TaskClass().onFailed?.(job.data.props).catch((error) => { //= catch: yes  failure of the failure handler is dropped
      job.discard();
    });
    Logger.error("task", "Task failed permanently", err, { name: job.data.name, jobId: job.id });
  });
}
