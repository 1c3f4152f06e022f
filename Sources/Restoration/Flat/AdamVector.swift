import Platform

/// A few numbers moved by Adam (Kingma and Ba 2015, algorithm 1).
struct AdamVector {
  private(set) var values: [Float]
  private var first: [Float]
  private var second: [Float]
  private var stepCount = 0

  init(_ values: [Float]) {
    self.values = values
    first = [Float](repeating: 0, count: values.count)
    second = first
  }

  /// A step against `gradient`; a number that is not finite leaves its place alone.
  mutating func step(_ gradient: UnsafeBufferPointer<Float>, rate: Float) {
    let (beta1, beta2): (Float, Float) = (0.9, 0.999)
    stepCount += 1
    let correction1 = 1 - pow(beta1, Float(stepCount))
    let correction2 = 1 - pow(beta2, Float(stepCount))
    for i in values.indices where gradient[i].isFinite {
      first[i] = beta1 * first[i] + (1 - beta1) * gradient[i]
      second[i] = beta2 * second[i] + (1 - beta2) * gradient[i] * gradient[i]
      values[i] -=
        rate * (first[i] / correction1) / ((second[i] / correction2).squareRoot() + 1e-8)
    }
  }
}

/// Half a cosine wave from 1 to 0.
func cosineDecay(_ progress: Double) -> Float { Float(0.5 * (1 + cos(.pi * progress))) }
