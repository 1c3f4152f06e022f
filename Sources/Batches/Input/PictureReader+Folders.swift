import Files
import ImageCodecs

/// Finds the pictures of folders, in the order of their names' bytes. Names that start with a dot
/// are passed over, symbolic links are followed, and a folder reached twice is read once.
extension PictureReader {
  private struct Walk {
    var seen: Set<Paths.Identity> = []
    var foldersLeftOut = 0
    /// Pictures that are not read, by the extension of their names.
    var passedOver: [String: Int] = [:]
    var notRegular = 0

    /// "2 webp, 1 tif, 1 that is no regular file"; nil where nothing was passed over.
    var words: String? {
      var parts = passedOver.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      if notRegular > 0 {
        parts.append(
          notRegular == 1
            ? "1 that is no regular file" : "\(notRegular) that are no regular files")
      }
      return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
  }

  /// - Parameter prefix: what the pictures' output names begin with.
  /// - Returns: at least one input: where there is no picture, one whose reading fails.
  func inputs(in folder: String, as prefix: String) -> [PictureInput] {
    var walk = Walk()
    let found = inputs(in: folder, as: prefix, &walk)
    guard !found.isEmpty else {
      let problem = BatchProblem.noPictures(
        folder: folder, passedOver: walk.words, foldersLeftOut: walk.foldersLeftOut)
      return [.failing(folder, problem)]
    }
    if let words = walk.words { tell(.remark("\(folder): passed over: \(words)")) }
    if walk.foldersLeftOut > 0 {
      tell(.foldersLeftOut(folder: folder, count: walk.foldersLeftOut))
    }
    return found
  }

  private func inputs(
    in folder: String, as prefix: String, _ walk: inout Walk
  ) -> [PictureInput] {
    if let identity = Paths.identity(folder), !walk.seen.insert(identity).inserted { return [] }
    let names: [String]
    var inputs: [PictureInput] = []
    do {
      names = try Paths.list(folder)
    } catch {
      return [.failing(folder, error)]
    }
    for name in names where !name.hasPrefix(".") {
      let path = Paths.joined(folder, name)
      let outputName = Paths.joined(prefix, name)
      if Paths.isFolder(path) {
        if excluded != nil && Paths.identity(path) == excluded { continue }
        if isRecursive {
          inputs += self.inputs(in: path, as: outputName, &walk)
        } else {
          walk.foldersLeftOut += 1
        }
      } else if ImageFormat(path: name) != nil {
        guard Paths.isRegularFile(path) || !Paths.exists(path) else {
          walk.notRegular += 1
          continue
        }
        inputs += files(path, as: outputName)
      } else if ForeignFormat.isNamed(by: name) {
        let word = name.utf8.split(separator: UInt8(ascii: ".")).last.map { String($0) ?? "" } ?? ""
        walk.passedOver[word.lowercased(), default: 0] += 1
      }
    }
    return inputs
  }
}
