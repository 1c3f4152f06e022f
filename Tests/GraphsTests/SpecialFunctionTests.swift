import Foundation
import Tensors
import Testing

@testable import Graphs

/// Values by mpmath, made by Tests/Fixtures/make_special_functions.py.
@Suite struct SpecialFunctionTests {
  struct Row: Sendable {
    let function: SpecialFunction
    let arguments: [Double]
    let expected: Double
  }

  static let functions: [String: SpecialFunction] = [
    "logGamma": .logGamma, "polygamma0": .polygamma(order: 0), "polygamma1": .polygamma(order: 1),
    "polygamma2": .polygamma(order: 2), "polygamma3": .polygamma(order: 3), "logBeta": .logBeta,
    "digammaDifference": .digammaDifference, "normalCDF": .normalCDF,
    "normalQuantile": .normalQuantile, "gammaEntropy": .gammaEntropy,
    "gammaLogKernel": .gammaLogKernel, "gammaCDF": .gammaCDF,
    "gammaCDFShapeDerivative": .gammaCDFShapeDerivative, "logGammaQuantile": .logGammaQuantile,
    "logGammaQuantileShapeDerivative": .logGammaQuantileShapeDerivative, "betaCDF": .betaCDF,
    "betaCDFShapeDerivative": .betaCDFShapeDerivative,
  ]

  static let rows: [Row] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures/special_functions.txt").path
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      let numbers = fields.dropFirst().compactMap { Double($0) }
      guard let function = functions[String(fields[0])],
        numbers.count == function.argumentCount + 1
      else { return nil }
      return Row(
        function: function, arguments: Array(numbers.dropLast()),
        expected: numbers[numbers.count - 1])
    }
  }()

  /// To twelve digits, or to fifteen places where a result is a difference or a probability near 1;
  /// the derivatives of the incomplete beta function to eight.
  @Test(arguments: functions.keys.sorted())
  func agreesWithMpmath(_ name: String) throws {
    let function = try #require(Self.functions[name])
    let rows = Self.rows.filter { $0.function == function }
    #expect(!rows.isEmpty)
    for row in rows {
      let x = row.arguments + [0, 0]
      let found = function.value(x[0], x[1], x[2])
      let scale = x[..<row.arguments.count].map(abs).max() ?? 0
      let tolerance: Double =
        switch function {
        case .betaCDFShapeDerivative: 1e-8
        default: max(1e-12 * abs(row.expected), 1e-15 * max(1, scale * 10))
        }
      #expect(
        abs(found - row.expected) <= tolerance,
        "\(name)\(row.arguments) is \(row.expected), not \(found)")
    }
  }

  @Test func argumentsOutsideTheDomainGiveNaN() {
    #expect(SpecialFunction.logGamma.value(-1).isNaN)
    #expect(SpecialFunction.polygamma(order: 0).value(0).isNaN)
    #expect(SpecialFunction.normalQuantile.value(1.5).isNaN)
    #expect(SpecialFunction.gammaCDF.value(-1, 2).isNaN)
    #expect(SpecialFunction.gammaCDF.value(1, -2).isNaN)
    #expect(SpecialFunction.logGammaQuantile.value(.nan, 0.5).isNaN)
    #expect(SpecialFunction.logGammaQuantile.value(2, .nan).isNaN)
    #expect(SpecialFunction.betaCDF.value(2, 1, 1).isNaN)
    #expect(SpecialFunction.gammaCDF.value(2, .infinity) == 1)
    #expect(SpecialFunction.logGammaQuantile.value(2, 0) == -.infinity)
    #expect(SpecialFunction.logGammaQuantile.value(2, 1) == .infinity)
  }

  /// From the smallest to large concentrations, and to the ends of what a uniform number can be.
  @Test func theQuantileInvertsTheDistributionFunction() {
    for exponent in stride(from: -4.0, through: 4, by: 0.5) {
      let a = pow(10, exponent)
      for u in [0x1p-24, 0.001, 0.1, 0.5, 0.9, 0.999, 1 - 0x1p-24] {
        let y = SpecialFunction.logGammaQuantile.value(a, u)
        // Where x itself is no number any more there is nothing to compare with.
        guard y > -700 else { continue }
        let found = SpecialFunction.gammaCDF.value(a, exp(y))
        #expect(abs(found - u) <= 1e-9 * min(u, 1 - u) + 1e-11 * u, "P^-1(\(a), \(u))")
      }
    }
  }

  @Test func constantsAreFoldedAndTensorsHeld() throws {
    let graph = Graph()
    let folded = try #require(graph.constant(3, [3]).logGamma().constant)
    #expect(abs(folded - 0.693_147_2) < 1e-6)
    let mask = graph.constant(Tensor([2, 2], [0, 1, 2, 3]))
    let plan = try Plan(
      graph, outputs: [mask * graph.input("x", [2])], parameters: ParameterStore([]),
      backend: PortableBackend())
    plan.fill("x", with: Tensor([2], [10, 20]))
    try plan.run()
    #expect(plan.output(0) == Tensor([2, 2], [0, 20, 20, 60]))
  }
}
