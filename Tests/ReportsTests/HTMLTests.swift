import Foundation
import Testing

@testable import Reports

@Suite("pieces of a page") struct HTMLTests {
  @Test("base64 is that of RFC 4648", arguments: 0..<20)
  func base64(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 89 + 250) }
    #expect(HTML.base64(bytes) == Data(bytes).base64EncodedString())
  }

  @Test("what a name holds is text, whatever it is")
  func escapes() {
    #expect(
      HTML.escaped("<img src=x onerror='a()'> & \"b\"\u{7}")
        == "&lt;img src=x onerror=&#39;a()&#39;&gt; &amp; &quot;b&quot; ")
  }

  @Test("numbers have a sign, thousands and as many digits as are told apart")
  func numbers() {
    #expect(Figures.number(-1234.56, 1) == "−1\u{2009}234.6")
    #expect(Figures.number(-0.04, 1) == "0.0")
    #expect(Figures.number(.nan) == "–")
    #expect(Figures.short(0.0123) == "0.012")
    #expect(Figures.short(-123.456) == "−123.5")
    #expect(Figures.short(2.5e-6) == "2.5e−6")
    #expect(Figures.time(3.14) == "3.1 s")
    #expect(Figures.time(200) == "3 min 20 s")
    #expect(Figures.time(7500) == "2 h 5 min")
  }

  @Test("an axis has round numbers around all that lies on it")
  func axes() {
    let axis = ChartAxis([-203.4, -98.2])
    #expect(axis.low <= -203.4 && axis.high >= -98.2)
    #expect(
      axis.ticks.map { axis.label($0) } == ["−225", "−200", "−175", "−150", "−125", "−100", "−75"])
    #expect(axis.share(axis.low) == 0 && axis.share(axis.high) == 1)
    let level = ChartAxis([3, 3])
    #expect(level.low < 3 && level.high > 3)
    let small = ChartAxis([0, 0.001])
    #expect(
      small.ticks.count >= 3 && Set(small.ticks.map { small.label($0) }).count == small.ticks.count)
    let tight = ChartAxis([1, 17], isTight: true)
    #expect(tight.low == 1 && tight.high == 17 && tight.ticks.allSatisfy { (1...17).contains($0) })
  }
}
