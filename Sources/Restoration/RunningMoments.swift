/// Mean and standard deviation of numbers that come one after another (Welford 1962).
package struct RunningMoments {
  private var mean: [Float] = []
  private var squares: [Float] = []
  private var count = 0

  package init() {}

  /// - Parameter isFirst: whether these begin anew.
  /// - Precondition: as many numbers as the first ones.
  package mutating func add(_ numbers: UnsafeBufferPointer<Float>, isFirst: Bool) {
    if isFirst {
      mean = Array(repeating: 0, count: numbers.count)
      squares = mean
      count = 0
    }
    count += 1
    let weight = 1 / Float(count)
    mean.withUnsafeMutableBufferPointer { mean in
      squares.withUnsafeMutableBufferPointer { squares in
        for index in numbers.indices {
          let difference = numbers[index] - mean[index]
          mean[index] += difference * weight
          squares[index] += difference * (numbers[index] - mean[index])
        }
      }
    }
  }

  /// Hands on the mean and the deviation, in which one less than their number divides; 0 of one.
  package mutating func withResult(
    _ body: (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>) throws -> Void
  ) rethrows {
    let divisor = Float(max(count - 1, 1))
    let deviation = squares.map { ($0 / divisor).squareRoot() }
    try mean.withUnsafeBufferPointer { mean in
      try deviation.withUnsafeBufferPointer { try body(mean, $0) }
    }
  }
}
