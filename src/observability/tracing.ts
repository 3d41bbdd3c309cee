/**
 * Traces with OpenTelemetry, sent by OTLP/HTTP. Loaded only when a receiver is configured: everywhere else the type alone is
 * imported, and null stands for no tracing. No span holds variables, documents, query strings, headers or tokens.
 */
import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ExportResultCode, parseKeyPairsIntoRecord, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from './logger.ts';
import type { Exemplar } from './metrics.ts';

const NAME = 'vpcep-gateway';
/** What is left of the grace period after the drain pays for this (docs/operations/deployment.md). */
const FLUSH_MS = 2_000;

const propagator = new W3CTraceContextPropagator();

interface Receiver {
  readonly url: string;
  /** `name=value,name=value`; they can hold a token. Called for each batch: a reload can replace them. */
  readonly headers: () => string;
}

interface SpanOptions {
  readonly kind?: 'server' | 'client' | 'internal';
  readonly attributes?: Attributes;
  /** Left out: the span that is active. Null: none, the span begins a trace. */
  readonly parent?: TracedSpan | null;
  /** One that is related but lives in another trace. */
  readonly link?: TracedSpan | null;
}

/** A span that is running. */
export class TracedSpan {
  readonly context: Context;
  readonly exemplar: Exemplar;
  readonly #span: Span;
  readonly #contexts: AsyncLocalStorageContextManager;
  #ended = false;

  constructor(span: Span, parent: Context, contexts: AsyncLocalStorageContextManager) {
    this.#span = span;
    this.#contexts = contexts;
    this.context = trace.setSpan(parent, span);
    const { traceId, traceFlags } = span.spanContext();
    this.exemplar = (traceFlags & TraceFlags.SAMPLED) === 0 ? undefined : { trace_id: traceId };
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  /** Spans that begin in `work`, now or later, are children of this one. */
  run<T>(work: () => T): T {
    return this.#contexts.with(this.context, work);
  }

  /** `traceparent` and `tracestate`, for a request that belongs to this span. */
  propagateTo(headers: Record<string, string>): void {
    propagator.inject(this.context, headers, defaultTextMapSetter);
  }

  set(attributes: Attributes): void {
    this.#span.setAttributes(attributes);
  }

  rename(name: string): void {
    this.#span.updateName(name);
  }

  /** @param errorType a code or a class of errors, never a message. Further calls do nothing. */
  end(errorType?: string): void {
    if (this.#ended) return;
    this.#ended = true;
    if (errorType !== undefined) {
      this.#span.setAttribute('error.type', errorType);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end();
  }
}

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

export class Tracing {
  readonly #provider: BasicTracerProvider;
  readonly #tracer: Tracer;
  readonly #contexts = new AsyncLocalStorageContextManager().enable();
  readonly #logger: Logger;

  constructor({ url, headers }: Receiver, logger: Logger) {
    this.#logger = logger;
    const exporter = new OTLPTraceExporter({ url, headers: async () => parseKeyPairsIntoRecord(headers()) });
    this.#provider = new BasicTracerProvider({
      // The environment wins over the name.
      resource: defaultResource()
        .merge(resourceFromAttributes({ 'service.name': NAME }))
        .merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [new BatchSpanProcessor(reportingFailures(exporter, logger))],
    });
    this.#tracer = this.#provider.getTracer(NAME);
  }

  begin(name: string, options: SpanOptions = {}): TracedSpan {
    const { parent, link } = options;
    const active = parent === undefined ? this.#contexts.active() : (parent?.context ?? ROOT_CONTEXT);
    const linked = link && trace.getSpanContext(link.context);
    return this.#begin(name, active, options, linked ? [{ context: linked }] : undefined);
  }

  /** The span of a request to the gateway; `headers` may name the caller's trace. */
  beginRequest(name: string, headers: object, attributes: Attributes): TracedSpan {
    const caller = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    return this.#begin(name, caller, { kind: 'server', attributes });
  }

  /** The span of something that others have caused: the child of the first, linked to all. @param causes `traceparent`s. */
  beginCaused(name: string, causes: readonly string[]): TracedSpan {
    const contexts = causes.map((traceparent) =>
      propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter),
    );
    const links = contexts.flatMap((context) => trace.getSpanContext(context) ?? []).map((context) => ({ context }));
    return this.#begin(name, contexts[0] ?? ROOT_CONTEXT, {}, links);
  }

  /** `traceparent` of the active span; undefined when it is not recorded. */
  get cause(): string | undefined {
    const active = this.#contexts.active();
    const flags = trace.getSpanContext(active)?.traceFlags ?? TraceFlags.NONE;
    if ((flags & TraceFlags.SAMPLED) === 0) return undefined;
    const headers: Record<string, string> = {};
    propagator.inject(active, headers, defaultTextMapSetter);
    return headers.traceparent;
  }

  /** Sends what is left. */
  async close(): Promise<void> {
    const limit = new Promise<'late'>((resolve) => setTimeout(resolve, FLUSH_MS, 'late'));
    const sent = this.#provider.shutdown().catch(() => {});
    if ((await Promise.race([sent, limit])) === 'late') this.#logger.warn('the last traces were not sent in time');
    this.#contexts.disable();
  }

  #begin(name: string, parent: Context, { kind = 'internal', attributes }: SpanOptions, links?: Link[]): TracedSpan {
    const span = this.#tracer.startSpan(
      name,
      { kind: KINDS[kind], ...(attributes && { attributes }), ...(links && { links }) },
      parent,
    );
    return new TracedSpan(span, parent, this.#contexts);
  }
}

/** Logs when spans begin to get lost, and when they arrive again. */
function reportingFailures(exporter: SpanExporter, logger: Logger): SpanExporter {
  let failing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const fails = result.code !== ExportResultCode.SUCCESS;
        if (fails && !failing) logger.warn({ reason: result.error?.message }, 'traces cannot be sent: spans are lost');
        if (!fails && failing) logger.info('traces are sent again');
        failing = fails;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
