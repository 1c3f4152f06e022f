#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

func exponential(_ x: Float) -> Float { expf(x) }

/// Weights proportional to exp(x) that add up to 1.
func softmax(_ x: [Float]) -> [Float] {
  let largest = x.max() ?? 0
  let terms = x.map { expf($0 - largest) }
  let sum = terms.reduce(0, +)
  return terms.map { $0 / sum }
}
