/// Seconds on a clock that only goes forward.
package func monotonicSeconds() -> Double { seconds(of: CLOCK_MONOTONIC) }

/// Seconds that all threads of this process have computed.
package func processorSeconds() -> Double { seconds(of: CLOCK_PROCESS_CPUTIME_ID) }

private func seconds(of clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
