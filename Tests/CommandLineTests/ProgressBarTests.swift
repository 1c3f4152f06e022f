import Files
import Testing
import VAE

@testable import Commands

@Suite("a bar of progress") struct ProgressBarTests {
  private let bar = ProgressBar(
    share: 0.425, parts: ["2m10s left", "bound -120.3", "3120 images/s"], plain: "")

  @Test("fits every width, and the most important is the last to go", arguments: 1...120)
  func widths(width: Int) {
    for hasBlocks in [true, false] {
      let line = bar.line(width: width, hasBlocks: hasBlocks)
      #expect(line.count < width || line.isEmpty)
      if width > 6 { #expect(line.contains("42 %")) }
      if width > 30 { #expect(line.contains("2m10s left")) }
      if width > 70 { #expect(line.contains("3120 images/s")) }
    }
  }

  @Test(
    "is as full as its share", arguments: [(0.0, 0), (0.25, 7), (0.5, 15), (0.999, 29), (1.0, 30)])
  func shares(share: Double, full: Int) {
    let line = ProgressBar(share: share, parts: [], plain: "").line(width: 80, hasBlocks: true)
    #expect(line.prefix { $0 == "█" }.count == full)
    #expect(line.filter { "█▏▎▍▌▋▊▉░".contains($0) }.count == 30)
    let plain = ProgressBar(share: share, parts: [], plain: "").line(width: 80, hasBlocks: false)
    #expect(plain.hasPrefix("[") && plain.allSatisfy(\.isASCII))
  }

  @Test("a name is cut where it is too long, and cannot move the cursor")
  func names() {
    let bar = ProgressBar(
      share: 0, parts: ["1/9"], name: "a\u{1B}[2Jvery-long-name-of-a-picture-in-some-folder.png",
      plain: "")
    let line = bar.line(width: 50, hasBlocks: true)
    #expect(line.count == 49 && line.hasSuffix("…") && !line.contains("\u{1B}"))
  }
}
