import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'

const file = fileURLToPath(new URL('../docs/alerts.yaml', import.meta.url))

interface Case {
  /** Values of each series, one a minute, in the notation of promtool: good, then bad from minute 10 on, then good again. */
  series: Record<string, string>
  /** Minutes at which the alert does not fire yet, fires (undefined where it never does), and has resolved. */
  before: number
  firing?: number
  resolved: number
}

const gauge = (name: string, good: number, bad: number, minutes = 10): Case['series'] => ({
  [`${name}{job="curriculum"}`]: `${good}x9 ${bad}x${minutes - 1} ${good}x60`,
})

const requests = (route: string, bad: string): Case['series'] => ({
  'http_request_duration_seconds_count{job="curriculum",route="/v1/skills",status="200"}': '0+100x90',
  [`http_request_duration_seconds_count{job="curriculum",route="${route}",status="503"}`]: bad,
})

/** A hundred requests a minute; half of those from minute 10 to 40 take longer than `limit`. */
const durations = (name: string, limit: string, longer: string, labels: string): Case['series'] => ({
  [`${name}_bucket{job="curriculum"${labels},le="${limit}"}`]: '0+100x9 950+50x29 2500+100x60',
  [`${name}_bucket{job="curriculum"${labels},le="${longer}"}`]: '0+100x100',
  [`${name}_bucket{job="curriculum"${labels},le="+Inf"}`]: '0+100x100',
})

const cases: Record<string, Case[]> = {
  CurriculumDown: [{ series: gauge('up', 1, 0), before: 11, firing: 13, resolved: 20 }],
  CurriculumNotReady: [{ series: gauge('service_ready', 1, 0), before: 10, firing: 12, resolved: 20 }],
  // A time of 0, then a backup at minute 2,300.
  CurriculumBackupOld: [
    {
      series: { 'backup_last_success_timestamp_seconds{job="curriculum"}': '0x2299 138000x200' },
      before: 2_219,
      firing: 2_222,
      resolved: 2_301,
    },
  ],
  CurriculumErrors: [
    { series: requests('/v1/skills', '0x9 0+10x20 200x60'), before: 12, firing: 20, resolved: 40 },
    { series: requests('/readyz', '0x9 0+10x20 200x60'), before: 12, resolved: 40 },
  ],
  CurriculumSlow: [
    { series: durations('http_request_duration_seconds', '0.5', '1', ''), before: 19, firing: 25, resolved: 50 },
    { series: durations('http_request_duration_seconds', '0.25', '0.5', ''), before: 19, resolved: 50 },
  ],
  CurriculumEventLoopLate: [
    { series: gauge('nodejs_eventloop_lag_p99_seconds', 0.02, 0.3), before: 14, firing: 16, resolved: 20 },
  ],
  CurriculumWritesSlow: [
    {
      series: durations('database_duration_seconds', '1', '5', ',kind="write"'),
      before: 24,
      firing: 30,
      resolved: 60,
    },
    { series: durations('database_duration_seconds', '0.25', '1', ',kind="write"'), before: 24, resolved: 60 },
    { series: durations('database_duration_seconds', '1', '5', ',kind="read"'), before: 24, resolved: 60 },
  ],
  CurriculumWebhooksWait: [
    { series: gauge('webhook_events_waiting', 0, 101, 40), before: 39, firing: 41, resolved: 50 },
  ],
  CurriculumLogDropped: [
    {
      series: { 'log_lines_dropped_total{job="curriculum"}': '0x9 0+5x10 50x60' },
      before: 14,
      firing: 20,
      resolved: 35,
    },
  ],
  CurriculumMemory: [
    { series: gauge('process_resident_memory_bytes', 3e8, 8e8, 30), before: 24, firing: 26, resolved: 40 },
  ],
  CurriculumPrimaryUnreachable: [
    { series: gauge('primary_reachable', 1, 0), before: 10, firing: 12, resolved: 20 },
    // A restart.
    { series: gauge('primary_reachable', 1, 0, 1), before: 10, resolved: 12 },
  ],
  CurriculumReplicaLags: [
    {
      series: { ...gauge('replica_lag_seconds', 0, 40), 'primary_reachable{job="curriculum"}': '1x90' },
      before: 10,
      firing: 12,
      resolved: 20,
    },
    {
      series: { ...gauge('replica_lag_seconds', 0, 40), ...gauge('primary_reachable', 1, 0) },
      before: 10,
      resolved: 20,
    },
  ],
  CurriculumNoLeaseHolder: [
    {
      series: {
        'lease_held{job="curriculum",instance="one"}': '1x9 0x60',
        'lease_held{job="curriculum",instance="two"}': '0x19 1x60',
        'primary_reachable{job="curriculum"}': '1x90',
      },
      before: 11,
      firing: 14,
      resolved: 22,
    },
    { series: { ...gauge('lease_held', 1, 0), ...gauge('primary_reachable', 1, 0) }, before: 11, resolved: 22 },
  ],
}

const { groups } = parse(readFileSync(file, 'utf8')) as {
  groups: { rules: { alert: string; expr: string; labels: object; annotations: object }[] }[]
}
const rules = groups.flatMap(group => group.rules)

/** Alerts about the sum over all processes have none of their labels. */
const isSum = (expr: string): boolean => /^(sum|histogram_quantile)\(/.test(expr)

t.test('each alert has a case in which it fires', async t => {
  t.same(
    rules.map(({ alert }) => alert),
    Object.keys(cases),
  )
  for (const [alert, of] of Object.entries(cases)) t.ok(of[0]?.firing, alert)
})

t.test('each alert fires and resolves when it should, where promtool is installed', async t => {
  const tests = rules.flatMap(({ alert, expr, labels, annotations }) =>
    (cases[alert] as Case[]).map(({ series, before, firing, resolved }) => ({
      interval: '1m',
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      alert_rule_test: [before, firing, resolved].flatMap(minute =>
        minute === undefined
          ? []
          : [
              {
                eval_time: `${minute}m`,
                alertname: alert,
                exp_alerts:
                  minute === firing
                    ? [
                        {
                          exp_labels: { ...labels, ...(!isSum(expr) && { job: 'curriculum' }) },
                          exp_annotations: annotations,
                        },
                      ]
                    : [],
              },
            ],
      ),
    })),
  )
  const path = join(t.testdir(), 'alerts.test.json')
  writeFileSync(path, JSON.stringify({ rule_files: [file], evaluation_interval: '1m', tests }))
  const { error, status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', path], { encoding: 'utf8' })
  if (error === undefined) t.equal(status, 0, stdout + stderr)
  else t.match(error, { code: 'ENOENT' })
})
