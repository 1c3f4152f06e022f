/// Mean and standard error of numbers that come one at a time (Welford 1962).
public struct RunningMean: Hashable, Sendable {
  public private(set) var count = 0
  public private(set) var mean = 0.0
  private var squares = 0.0

  package init() {}

  package mutating func add(_ value: Double) {
    count += 1
    let difference = value - mean
    mean += difference / Double(count)
    squares += difference * (value - mean)
  }

  /// Of the mean; nil for fewer than two numbers.
  public var standardError: Double? {
    guard count > 1 else { return nil }
    return (squares / Double(count - 1) / Double(count)).squareRoot()
  }
}
