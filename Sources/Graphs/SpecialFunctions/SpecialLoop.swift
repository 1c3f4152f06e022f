/// A special function bound to its operands.
final class SpecialLoop {
  private let function: SpecialFunction
  private let a: UnsafeMutablePointer<Float>
  private let b: UnsafeMutablePointer<Float>
  private let c: UnsafeMutablePointer<Float>
  private let y: UnsafeMutablePointer<Float>

  init(_ function: SpecialFunction, _ inputs: [Operand], _ output: Operand) {
    self.function = function
    a = inputs[0].elements
    b = (inputs.count > 1 ? inputs[1] : inputs[0]).elements
    c = (inputs.count > 2 ? inputs[2] : inputs[0]).elements
    y = output.elements
  }

  func run(_ range: Range<Int>) {
    for i in range {
      y[i] = Float(function.value(Double(a[i]), Double(b[i]), Double(c[i])))
    }
  }
}
