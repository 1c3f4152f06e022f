/// Which samples along one axis make up each output sample, and with what weights.
package struct ResamplingAxis {
  /// Output samples.
  package let count: Int
  /// Input samples per output sample.
  let taps: Int
  /// `count * taps` positions in the input.
  let indices: [Int32]
  /// `count * taps` weights; those of an output sum to one.
  let weights: [Float]
  /// The inputs that are read at all.
  package let span: Range<Int>

  /// - Parameters:
  ///   - input: the extent before.
  ///   - output: the extent after, which sets the scale.
  ///   - window: the output samples that are wanted; nil for all.
  package init(
    from input: Int, to output: Int, window: Range<Int>? = nil, kernel: Resampling.Kernel,
    antialiasing: Bool = true
  ) {
    let window = window ?? 0..<output
    let scale = Double(output) / Double(input)
    let stretch = antialiasing ? min(1, scale) : 1
    let width = kernel.width / stretch
    let reach = Int(width.rounded(.up)) + 2
    var firsts: [Int] = []
    var rows: [[Double]] = []
    for position in window {
      let center = (Double(position) + 0.5) / scale - 0.5
      let first = Int((center - width / 2).rounded(.down))
      let row = (0..<reach).map { kernel.weight((center - Double(first + $0)) * stretch) }
      let sum = row.reduce(0, +)
      firsts.append(first)
      rows.append(row.map { $0 / sum })
    }
    // The outermost taps are often zero for every output: those are left out.
    let used = (0..<reach).filter { tap in rows.contains { $0[tap] != 0 } }
    let taps = (used.first ?? 0)...(used.last ?? 0)
    var indices: [Int32] = []
    var weights: [Float] = []
    for (first, row) in zip(firsts, rows) {
      for tap in taps {
        indices.append(Int32(Self.mirrored(first + tap, extent: input)))
        weights.append(Float(row[tap]))
      }
    }
    self.count = window.count
    self.taps = taps.count
    self.indices = indices
    self.weights = weights
    self.span = Int(indices.min() ?? 0)..<Int(indices.max() ?? 0) + 1
  }

  /// The sample that stands for one beyond the border: ... 1 0 | 0 1 2 ... n-1 | n-1 n-2 ...
  private static func mirrored(_ index: Int, extent: Int) -> Int {
    let period = 2 * extent
    let folded = ((index % period) + period) % period
    return folded < extent ? folded : period - 1 - folded
  }

  func apply(_ input: UnsafeMutableBufferPointer<Float>, to output: UnsafeMutablePointer<Float>) {
    indices.withUnsafeBufferPointer { indices in
      weights.withUnsafeBufferPointer { weights in
        for x in 0..<count {
          var sum: Float = 0
          for tap in x &* taps..<(x &+ 1) &* taps {
            sum += weights[tap] * input[Int(indices[tap])]
          }
          output[x] = sum
        }
      }
    }
  }
}
