<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Admin</name>
    <message>
        <source>Its pictures and labels are deleted. The studies in the library stay as they are.</source>
        <extracomment>Modules that answer what is asked of the sections beside this one.</extracomment>
        <translation>其图片和标签将被删除。资料库中的检查保持不变。</translation>
    </message>
    <message>
        <source>Runs and comparisons that used it keep their figures but cannot be repeated.</source>
        <translation>使用过它的运行和比较保留其数字，但不能重复。</translation>
    </message>
    <message>
        <source>The audit keeps that it was removed, by whom and when.</source>
        <translation>审计会保留它被何人何时移除。</translation>
    </message>
    <message>
        <source>Remove the data set {0}?</source>
        <translation>移除数据集 {0}？</translation>
    </message>
    <message>
        <source>Remove the data set</source>
        <translation>移除数据集</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Take {0} {1} into use?</source>
        <translation>将 {0} {1} 投入使用？</translation>
    </message>
    <message>
        <source>No version of this model is in use, so that there is nothing to compare it with.</source>
        <translation>此模型没有在用版本，因此没有可比较的对象。</translation>
    </message>
    <message>
        <source>Take it into use</source>
        <translation>投入使用</translation>
    </message>
    <message>
        <source>Import a model: choose its folder</source>
        <translation>导入模型：选择其文件夹</translation>
    </message>
    <message>
        <source>Import this folder</source>
        <translation>导入此文件夹</translation>
    </message>
    <message>
        <source>Export {0} {1} into a folder</source>
        <translation>将 {0} {1} 导出到文件夹</translation>
    </message>
    <message>
        <source>Export here</source>
        <translation>导出到此处</translation>
    </message>
    <message>
        <source>Its folder is deleted. Results that it gave stay, under its name and version.</source>
        <translation>其文件夹将被删除。它给出的结果以其名称和版本保留。</translation>
    </message>
    <message>
        <source>Remove {0} {1}?</source>
        <translation>移除 {0} {1}？</translation>
    </message>
    <message>
        <source>Remove this version</source>
        <translation>移除此版本</translation>
    </message>
    <message>
        <source>Who did what and when. Each entry holds the hash of the one before it.</source>
        <extracomment>Entries that are listed; milliseconds after the last letter before the filter takes effect.</extracomment>
        <translation>何人何时做了什么。每条记录都含有前一条的哈希。</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>审计日志</translation>
    </message>
    <message>
        <source>Find a person, a deed, a model</source>
        <translation>查找人员、操作、模型</translation>
    </message>
    <message>
        <source>Check the chain</source>
        <translation>核查审计链</translation>
    </message>
    <message>
        <source>ENTRIES, NEWEST FIRST</source>
        <translation>记录，最新在前</translation>
    </message>
    <message>
        <source>Entries of the audit</source>
        <translation>审计记录</translation>
    </message>
    <message>
        <source>No entry fits these words.</source>
        <translation>没有符合这些词的记录。</translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Reading the audit</source>
        <translation>正在读取审计</translation>
    </message>
    <message>
        <source>Nothing has been done yet that the audit keeps.</source>
        <translation>还没有审计记录的操作。</translation>
    </message>
    <message>
        <source>{0} of {1} entries</source>
        <translation>{1} 条记录中的 {0} 条</translation>
    </message>
    <message>
        <source>the newest {0} entries</source>
        <translation>最新 {0} 条记录</translation>
    </message>
    <message>
        <source>Checking every entry of the chain.</source>
        <translation>正在核查审计链的每条记录。</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>What</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Study or model</source>
        <translation>检查或模型</translation>
    </message>
    <message>
        <source>nobody named</source>
        <translation>未署名</translation>
    </message>
    <message>
        <source>Study {0}, not in the library any more</source>
        <translation>检查 {0}，已不在资料库中</translation>
    </message>
    <message>
        <source>Data set {0}</source>
        <translation>数据集 {0}</translation>
    </message>
    <message>
        <source>{0}: {1} from {2}, {3} positive</source>
        <translation>{0}：{2}的{1}，{3} 幅阳性</translation>
    </message>
    <message>
        <source>{0} positive, {1}</source>
        <translation>{0} 幅阳性，{1}</translation>
    </message>
    <message>
        <source>{0}: {1} pictures, {2} positive</source>
        <translation>{0}：{1} 幅图片，{2} 幅阳性</translation>
    </message>
    <message>
        <source>What the check found</source>
        <translation>核查发现</translation>
    </message>
    <message>
        <source>All pictures</source>
        <translation>全部图片</translation>
    </message>
    <message>
        <source>Problems and pictures</source>
        <translation>问题与图片</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>The label is wrong</source>
        <translation>标签有误</translation>
    </message>
    <message>
        <source>Open the study</source>
        <translation>打开检查</translation>
    </message>
    <message>
        <source>Frozen: make a new version to change it.</source>
        <translation>已冻结：要更改请制作新版本。</translation>
    </message>
    <message>
        <source>Choose a picture first.</source>
        <translation>请先选择一幅图片。</translation>
    </message>
    <message>
        <source>Choose one picture.</source>
        <translation>请选择一幅图片。</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>重新纳入</translation>
    </message>
    <message>
        <source>Wrong: it is “{0}”</source>
        <translation>有误：应为“{0}”</translation>
    </message>
    <message>
        <source>The study of this picture is not in the library.</source>
        <translation>这幅图片的检查不在资料库中。</translation>
    </message>
    <message>
        <source>Check the data set again first: it was changed.</source>
        <translation>请先重新核查：数据集已更改。</translation>
    </message>
    <message>
        <source>Put each of these patients into one part</source>
        <translation>将这些患者各归入一个部分</translation>
    </message>
    <message>
        <source>Leave all of these out</source>
        <translation>全部排除</translation>
    </message>
    <message>
        <source>Keep one of each group, leave its twins out</source>
        <translation>每组保留一幅，排除其重复图片</translation>
    </message>
    <message>
        <source>About this data set</source>
        <translation>关于此数据集</translation>
    </message>
    <message>
        <source>AGE IN YEARS</source>
        <translation>年龄（岁）</translation>
    </message>
    <message>
        <source>SEX</source>
        <translation>性别</translation>
    </message>
    <message>
        <source>Filled: positive. Patients are never in two parts.</source>
        <translation>填充：阳性。同一患者不会在两个部分中。</translation>
    </message>
    <message>
        <source>PARTS BY PATIENT</source>
        <translation>按患者划分的部分</translation>
    </message>
    <message>
        <source>Frozen</source>
        <translation>已冻结</translation>
    </message>
    <message>
        <source>Can be changed</source>
        <translation>可更改</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来自</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>制作</translation>
    </message>
    <message>
        <source>Positive</source>
        <translation>阳性</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>划分</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>哈希</translation>
    </message>
    <message>
        <source>No names in it: patients and pictures are numbers here.</source>
        <translation>其中没有姓名：患者和图片在此只是编号。</translation>
    </message>
    <message>
        <source>The locked test part was looked at once.</source>
        <translation>锁定测试部分已查看一次。</translation>
    </message>
    <message>
        <source>The locked test part was looked at {0} times.</source>
        <translation>锁定测试部分已查看 {0} 次。</translation>
    </message>
    <message>
        <source>Nobody has looked at the locked test part yet.</source>
        <translation>还没有人查看过锁定测试部分。</translation>
    </message>
    <message>
        <source>Ages in years</source>
        <translation>年龄（岁）</translation>
    </message>
    <message>
        <source>Sexes</source>
        <translation>性别</translation>
    </message>
    <message>
        <source>Ages and sexes are not known.</source>
        <translation>年龄和性别未知。</translation>
    </message>
    <message>
        <source>Ages are not known.</source>
        <translation>年龄未知。</translation>
    </message>
    <message>
        <source>Sexes are not known.</source>
        <translation>性别未知。</translation>
    </message>
    <message>
        <source>made from {0}</source>
        <translation>由 {0} 制作</translation>
    </message>
    <message>
        <source>{0} by {1}</source>
        <translation>{0}，{1}</translation>
    </message>
    <message>
        <source>{0} left out</source>
        <translation>排除 {0} 幅</translation>
    </message>
    <message>
        <source>{0} ({1}), {2}</source>
        <translation>{0}（{1}），{2}</translation>
    </message>
    <message>
        <source>What models learn from. A frozen one never changes.</source>
        <extracomment>Rows of the table that are seen without scrolling, in a wide window and in a small one.</extracomment>
        <translation>模型学习的来源。冻结后永不更改。</translation>
    </message>
    <message>
        <source>Data sets</source>
        <extracomment>Sections under the first head; the others stand under the second one.</extracomment>
        <translation>数据集</translation>
    </message>
    <message>
        <source>New data set…</source>
        <translation>新建数据集…</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>核查</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>冻结</translation>
    </message>
    <message>
        <source>New version</source>
        <translation>新版本</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Train with it…</source>
        <translation>用它训练…</translation>
    </message>
    <message>
        <source>Reading the data sets</source>
        <translation>正在读取数据集</translation>
    </message>
    <message>
        <source>A data set needs at least two labelled groups. Make one from the worklist.</source>
        <translation>数据集至少需要两组有标签的图片。请从工作列表制作一个。</translation>
    </message>
    <message>
        <source>Go to the worklist</source>
        <translation>前往工作列表</translation>
    </message>
    <message>
        <source>Data set</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Patients</source>
        <translation>患者</translation>
    </message>
    <message>
        <source>Positives</source>
        <translation>阳性</translation>
    </message>
    <message>
        <source>Where from</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>changed since the check</source>
        <translation>核查后已更改</translation>
    </message>
    <message>
        <source>Check it first.</source>
        <translation>请先核查。</translation>
    </message>
    <message>
        <source>It was changed: check it again first.</source>
        <translation>已更改：请先重新核查。</translation>
    </message>
    <message>
        <source>To go on, type “{0}” or the word “{1}”.</source>
        <translation>要继续，请输入“{0}”或“{1}”。</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Why? It is written into the audit.</source>
        <translation>为什么？将写入审计。</translation>
    </message>
    <message>
        <source>Leave it as it is</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>A reason has at most {0} characters.</source>
        <translation>理由最多 {0} 个字符。</translation>
    </message>
    <message>
        <source>Give a reason.</source>
        <translation>请给出理由。</translation>
    </message>
    <message>
        <source>Every next analysis is made with the version in use and names it.</source>
        <extracomment>Acts of a model that are listed. The card of lighter copies, where there is one: `LightCard(section)` with `show_version(version)`.</extracomment>
        <translation>今后的每次分析都使用在用版本并注明该版本。</translation>
    </message>
    <message>
        <source>Model library</source>
        <translation>模型库</translation>
    </message>
    <message>
        <source>Import a model…</source>
        <translation>导入模型…</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Use this version again</source>
        <translation>重新使用此版本</translation>
    </message>
    <message>
        <source>Take it into use…</source>
        <translation>投入使用…</translation>
    </message>
    <message>
        <source>Compare it with the version in use…</source>
        <translation>与在用版本比较…</translation>
    </message>
    <message>
        <source>Model card</source>
        <translation>模型卡片</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>WHAT WAS DONE</source>
        <translation>操作历史</translation>
    </message>
    <message>
        <source>About this version</source>
        <translation>关于此版本</translation>
    </message>
    <message>
        <source>Reading the models</source>
        <translation>正在读取模型</translation>
    </message>
    <message>
        <source>There is no model here. Import one.</source>
        <translation>这里没有模型。请导入一个。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Came from</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>自</translation>
    </message>
    <message>
        <source>By</source>
        <translation>操作者</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Go back to {0}</source>
        <translation>回到 {0}</translation>
    </message>
    <message>
        <source>Nothing yet: the version that came with the program is in use.</source>
        <translation>还没有：正在使用随程序提供的版本。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>在用</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>候选</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>the program</source>
        <translation>程序自带</translation>
    </message>
    <message>
        <source>a run here</source>
        <translation>本机运行</translation>
    </message>
    <message>
        <source>outside</source>
        <translation>外部</translation>
    </message>
    <message>
        <source>A version in use cannot be removed.</source>
        <translation>在用版本不能移除。</translation>
    </message>
    <message>
        <source>A candidate is removed with its run.</source>
        <translation>候选模型随其运行一起移除。</translation>
    </message>
    <message>
        <source>It came with the program and stays.</source>
        <translation>它随程序提供，会保留。</translation>
    </message>
    <message>
        <source>{0} promoted in place of {1}</source>
        <translation>启用 {0}，替换 {1}</translation>
    </message>
    <message>
        <source>{0} promoted</source>
        <translation>启用 {0}</translation>
    </message>
    <message>
        <source>Back to {0} from {1}</source>
        <translation>从 {1} 回到 {0}</translation>
    </message>
    <message>
        <source>Back to {0}</source>
        <translation>回到 {0}</translation>
    </message>
    <message>
        <source>{0} imported</source>
        <translation>导入 {0}</translation>
    </message>
    <message>
        <source>Fine-tuning</source>
        <translation>微调</translation>
    </message>
    <message>
        <source>Compare, promote</source>
        <translation>比较与启用</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>监测</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>各部分</translation>
    </message>
    <message>
        <source>MODELS</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>WORKPLACE</source>
        <translation>工作场所</translation>
    </message>
    <message>
        <source>Every change here is written to the audit log.</source>
        <translation>这里的每项更改都写入审计日志。</translation>
    </message>
    <message>
        <source>New data set</source>
        <extracomment>Shares that are offered, of the parts that are fitted, that choose, and that are locked.</extracomment>
        <translation>新建数据集</translation>
    </message>
    <message>
        <source>From opinions</source>
        <translation>来自意见</translation>
    </message>
    <message>
        <source>From a folder</source>
        <translation>来自文件夹</translation>
    </message>
    <message>
        <source>From a packed file</source>
        <translation>来自打包文件</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Folder with DICOM files or pictures</source>
        <translation>含 DICOM 文件或图片的文件夹</translation>
    </message>
    <message>
        <source>Table of labels (empty: labels.csv in the folder)</source>
        <translation>标签表（留空：文件夹中的 labels.csv）</translation>
    </message>
    <message>
        <source>Packed pictures (.npz or .zip)</source>
        <translation>打包图片（.npz 或 .zip）</translation>
    </message>
    <message>
        <source>Table of labels (empty: labels.csv beside it)</source>
        <translation>标签表（留空：同处的 labels.csv）</translation>
    </message>
    <message>
        <source>It is</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>a new data set</source>
        <translation>新的数据集</translation>
    </message>
    <message>
        <source>{0} / {1} / {2}</source>
        <translation>{0} / {1} / {2}</translation>
    </message>
    <message>
        <source>Training / validation / locked test, in hundredths; a patient is in one part only.</source>
        <translation>训练 / 验证 / 锁定测试，以百分之一计；一位患者只在一个部分中。</translation>
    </message>
    <message>
        <source>Make the data set</source>
        <translation>制作数据集</translation>
    </message>
    <message>
        <source>Do not make one</source>
        <translation>不制作</translation>
    </message>
    <message>
        <source>Opinions on</source>
        <translation>意见所针对</translation>
    </message>
    <message>
        <source>Bring studies that readers were unsure of too, left out at first</source>
        <translation>也包括阅片者不确定的检查，先排除在外</translation>
    </message>
    <message>
        <source>What readers said is the label: the newest opinion of each reader, and of several readers the majority.</source>
        <translation>阅片者的意见即为标签：每位阅片者取最新意见，多位阅片者取多数。</translation>
    </message>
    <message>
        <source>the next version of {0}</source>
        <translation>{0} 的下一版本</translation>
    </message>
    <message>
        <source>Nobody has given an opinion on this model yet.</source>
        <translation>还没有人对此模型给出意见。</translation>
    </message>
    <message>
        <source>Opinions on {0}</source>
        <translation>对 {0} 的意见</translation>
    </message>
    <message>
        <source>Give opinions in the reader or the worklist first.</source>
        <translation>请先在阅片或工作列表中给出意见。</translation>
    </message>
    <message>
        <source>Choose where the pictures are.</source>
        <translation>请选择图片所在位置。</translation>
    </message>
    <message>
        <source>Say which label is positive.</source>
        <translation>请说明哪个标签为阳性。</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Choose the file</source>
        <translation>选择文件</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>The table has a line a picture with the columns file and label, and patient where it is known: without it each picture counts as a patient of its own.</source>
        <translation>表中每幅图片一行，含 file 和 label 列，已知时还有 patient 列：没有该列时每幅图片各算一位患者。</translation>
    </message>
    <message>
        <source>Label that is positive</source>
        <translation>阳性标签</translation>
    </message>
    <message>
        <source>Rows whose column “split” says val make the locked test part</source>
        <translation>“split”列为 val 的行构成锁定测试部分</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose: {0}</source>
        <translation>选择：{0}</translation>
    </message>
    <message>
        <source>{0} opinions: {1} agree, {2} disagree, {3} unsure, {4} another label.</source>
        <translation>{0} 条意见：{1} 条同意，{2} 条不同意，{3} 条不确定，{4} 条其他标签。</translation>
    </message>
    <message>
        <source>Admin</source>
        <extracomment>Every section and the module that makes it (its `SECTION`); one that has no module is not offered. Parts of `session.admin` that the counts come from. Below this width of the window the left column folds.</extracomment>
        <translation>管理</translation>
    </message>
    <message>
        <source>left out</source>
        <extracomment>Size of a picture in the grid and of its two lines; pictures that are kept made.</extracomment>
        <translation>已排除</translation>
    </message>
    <message>
        <source>Picture {0}</source>
        <translation>图片 {0}</translation>
    </message>
    <message>
        <source>This picture cannot be shown.</source>
        <translation>无法显示此图片。</translation>
    </message>
    <message>
        <source>Try again</source>
        <extracomment>Words instead of the content come only if the answer takes longer than this. Width of the sentence that stands in place of the content.</extracomment>
        <translation>重试</translation>
    </message>
    <message>
        <source>Training</source>
        <extracomment>Longest name of a data set that is drawn. Severity -&gt; icon and colour.</extracomment>
        <translation>训练</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Locked test</source>
        <translation>锁定测试</translation>
    </message>
    <message>
        <source>Stops training</source>
        <translation>阻止训练</translation>
    </message>
    <message>
        <source>Take care</source>
        <translation>注意</translation>
    </message>
    <message>
        <source>To be known</source>
        <translation>须知</translation>
    </message>
    <message>
        <source>1 picture</source>
        <translation>1 幅图片</translation>
    </message>
    <message>
        <source>{0} pictures</source>
        <translation>{0} 幅图片</translation>
    </message>
    <message>
        <source>1 patient</source>
        <translation>1 位患者</translation>
    </message>
    <message>
        <source>{0} patients</source>
        <translation>{0} 位患者</translation>
    </message>
    <message>
        <source>version {0}</source>
        <translation>版本 {0}</translation>
    </message>
    <message>
        <source>Opinions of readers</source>
        <translation>阅片者的意见</translation>
    </message>
    <message>
        <source>Folder with labels</source>
        <translation>带标签的文件夹</translation>
    </message>
    <message>
        <source>Packed file</source>
        <translation>打包文件</translation>
    </message>
    <message>
        <source>positive</source>
        <translation>阳性</translation>
    </message>
    <message>
        <source>not {0}</source>
        <translation>无 {0}</translation>
    </message>
    <message>
        <source>by patient</source>
        <translation>按患者</translation>
    </message>
    <message>
        <source>by patient, {0}</source>
        <translation>按患者，{0}</translation>
    </message>
    <message>
        <source>Not checked yet</source>
        <translation>尚未核查</translation>
    </message>
    <message>
        <source>{0} that stop training</source>
        <translation>{0} 项阻止训练</translation>
    </message>
    <message>
        <source>{0} to look at</source>
        <translation>{0} 项需查看</translation>
    </message>
    <message>
        <source>None found</source>
        <translation>未发现</translation>
    </message>
</context>
<context>
    <name>Agreement</name>
    <message>
        <source>MODELS</source>
        <extracomment>Models that the upper table shows before it scrolls; from this width on there is room for wide columns.</extracomment>
        <translation>模型</translation>
    </message>
    <message>
        <source>Agreement with each model</source>
        <translation>与各模型的一致情况</translation>
    </message>
    <message>
        <source>Each reader&apos;s newest opinion on a study counts; those on single findings are only listed. Agreement: the share that agrees, with its 95 % interval (Wilson); unsure and another label do not agree. Before AI: given before what the model said was shown. Choose a row to list its opinions.</source>
        <translation>每位阅片者对每个检查只计最新的意见；针对单个发现的意见仅列出。一致率：同意所占的比例及其 95 % 区间（Wilson）；不确定和其他标签不算同意。AI 之前：在显示模型结果之前给出。选择一行即可列出其意见。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Opinions shown</source>
        <translation>显示的意见</translation>
    </message>
    <message>
        <source>OPINIONS</source>
        <translation>意见</translation>
    </message>
    <message>
        <source>Disagreed or another label</source>
        <translation>不同意或其他标签</translation>
    </message>
    <message>
        <source>Disagreed</source>
        <translation>不同意</translation>
    </message>
    <message>
        <source>Another label</source>
        <translation>其他标签</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>Agreed</source>
        <translation>同意</translation>
    </message>
    <message>
        <source>All opinions</source>
        <translation>所有意见</translation>
    </message>
    <message>
        <source>Opinions</source>
        <translation>意见</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>所有模型</translation>
    </message>
    <message>
        <source>1 opinion</source>
        <translation>1 条意见</translation>
    </message>
    <message>
        <source>{0} opinions</source>
        <translation>{0} 条意见</translation>
    </message>
    <message>
        <source>The newest {0} are shown.</source>
        <translation>显示最新的 {0} 条。</translation>
    </message>
    <message>
        <source>No opinion fits these filters.</source>
        <translation>没有符合筛选条件的意见。</translation>
    </message>
    <message>
        <source>Nobody disagreed or gave another label.</source>
        <translation>没有人不同意或给出其他标签。</translation>
    </message>
    <message>
        <source>Agreement</source>
        <extracomment>Words instead of the tables come only if the library takes longer than this. While others write all the time, the library is looked at no more often than this.</extracomment>
        <translation>一致情况</translation>
    </message>
    <message>
        <source>Reading the library</source>
        <translation>正在读取资料库</translation>
    </message>
    <message>
        <source>What readers thought of what models said</source>
        <translation>阅片者对模型结果的意见</translation>
    </message>
    <message>
        <source>There are newer opinions. Show them</source>
        <translation>有更新的意见。显示</translation>
    </message>
    <message>
        <source>Go to the worklist</source>
        <translation>前往工作列表</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>No opinions yet. Open a study from the worklist and press {0}, {1} or {2}.</source>
        <translation>尚无意见。请从工作列表打开一个检查，然后按 {0}、{1} 或 {2}。</translation>
    </message>
    <message>
        <source>Agree</source>
        <translation>同意</translation>
    </message>
    <message>
        <source>Disagree</source>
        <translation>不同意</translation>
    </message>
    <message>
        <source>Other label</source>
        <translation>其他标签</translation>
    </message>
    <message>
        <source>Before AI</source>
        <translation>AI 之前</translation>
    </message>
    <message>
        <source>Agreement before AI</source>
        <translation>AI 之前的一致率</translation>
    </message>
    <message>
        <source>version {0}</source>
        <translation>版本 {0}</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>尚无</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 至 {1}</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Opinion</source>
        <translation>意见</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>阅片者</translation>
    </message>
    <message>
        <source>AI score, unverified</source>
        <translation>AI 评分，未经核实</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>on this study</source>
        <translation>针对此检查</translation>
    </message>
    <message>
        <source>on one finding</source>
        <translation>针对一个发现</translation>
    </message>
    <message>
        <source>before AI</source>
        <translation>AI 之前</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
    <message>
        <source>This study is not in the library any more.</source>
        <translation>此检查已不在资料库中。</translation>
    </message>
    <message>
        <source>Hidden until you have given your opinion</source>
        <translation>在您给出意见之前隐藏</translation>
    </message>
    <message>
        <source>No AI score</source>
        <translation>无 AI 评分</translation>
    </message>
    <message>
        <source>point {0}</source>
        <translation>阈值 {0}</translation>
    </message>
</context>
<context>
    <name>AiPanel</name>
    <message>
        <source>Show AI</source>
        <translation>显示 AI</translation>
    </message>
    <message>
        <source>AI hidden. Press {0} to show.</source>
        <translation>AI 已隐藏。按 {0} 显示。</translation>
    </message>
    <message>
        <source>Hidden until you have seen every slice. Press {0} to show it now.</source>
        <translation>看过全部层面之前隐藏。按 {0} 立即显示。</translation>
    </message>
    <message>
        <source>Hidden until you have given your opinion (policy for this model).</source>
        <translation>在您给出意见之前隐藏（此模型的规定）。</translation>
    </message>
    <message>
        <source>Explanation</source>
        <translation>解释</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>轮廓</translation>
    </message>
    <message>
        <source>Heat</source>
        <translation>热图</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>Starts at</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Threshold and colours</source>
        <translation>阈值与颜色</translation>
    </message>
    <message>
        <source>Explain this slice</source>
        <translation>解释此层</translation>
    </message>
    <message>
        <source>EXPLANATION</source>
        <translation>解释</translation>
    </message>
    <message>
        <source>An explanation shows what moved the score, not where disease is.</source>
        <translation>解释显示是什么改变了评分，而不是病变的位置。</translation>
    </message>
    <message>
        <source>Refining the explanation of slice {0}. You can go on reading.</source>
        <translation>正在细化第 {0} 层的解释。可以继续阅片。</translation>
    </message>
    <message>
        <source>Explaining slice {0}. You can go on reading.</source>
        <translation>正在解释第 {0} 层。可以继续阅片。</translation>
    </message>
    <message>
        <source>Shows what moved the score, not where disease is.</source>
        <translation>显示是什么改变了评分，而不是病变的位置。</translation>
    </message>
    <message>
        <source>Slice {0} is not explained yet.</source>
        <translation>第 {0} 层尚未解释。</translation>
    </message>
    <message>
        <source>Model card</source>
        <translation>模型卡片</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>训练数据</translation>
    </message>
    <message>
        <source>This series</source>
        <translation>此序列</translation>
    </message>
    <message>
        <source>HOW IT WAS READ</source>
        <translation>阅读方式</translation>
    </message>
    <message>
        <source>resampled to {0} mm a pixel</source>
        <translation>重采样至每像素 {0} mm</translation>
    </message>
    <message>
        <source>inside the lungs only</source>
        <translation>仅限肺内</translation>
    </message>
    <message>
        <source>{0} s a slice</source>
        <translation>每层 {0} 秒</translation>
    </message>
    <message>
        <source>started {0}</source>
        <translation>开始于 {0}</translation>
    </message>
    <message>
        <source>on the graphics card</source>
        <translation>在显卡上</translation>
    </message>
    <message>
        <source>on Apple graphics</source>
        <translation>在 Apple 图形上</translation>
    </message>
    <message>
        <source>on the processor, lighter copy ({0})</source>
        <translation>在处理器上，轻量副本（{0}）</translation>
    </message>
    <message>
        <source>on the processor</source>
        <translation>在处理器上</translation>
    </message>
    <message>
        <source>Above the operating point {0}</source>
        <translation>高于工作阈值 {0}</translation>
    </message>
    <message>
        <source>Below the operating point {0}</source>
        <translation>低于工作阈值 {0}</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>No model here reads this series</source>
        <translation>这里没有能阅读此序列的模型</translation>
    </message>
    <message>
        <source>(cannot read this series)</source>
        <translation>（不能阅读此序列）</translation>
    </message>
    <message>
        <source>Show the rules</source>
        <translation>显示规则</translation>
    </message>
    <message>
        <source>Confirm that the model fits</source>
        <translation>确认模型适用</translation>
    </message>
    <message>
        <source>Not evaluated</source>
        <translation>未评估</translation>
    </message>
    <message>
        <source>This says nothing about the images.</source>
        <translation>这不说明图像本身的任何情况。</translation>
    </message>
    <message>
        <source>Not evaluated. No model here reads this series.</source>
        <translation>未评估。这里没有能阅读此序列的模型。</translation>
    </message>
    <message>
        <source>Can read this series</source>
        <translation>可以阅读此序列</translation>
    </message>
    <message>
        <source>Cannot read this series</source>
        <translation>不能阅读此序列</translation>
    </message>
    <message>
        <source>Can read this series: you confirmed what the headers do not say</source>
        <translation>可以阅读此序列：文件头未说明的部分已由您确认</translation>
    </message>
    <message>
        <source>Cannot tell whether the model fits</source>
        <translation>无法判断模型是否适用</translation>
    </message>
    <message>
        <source>Plane {0}</source>
        <translation>平面 {0}</translation>
    </message>
    <message>
        <source>Unit {0}</source>
        <translation>单位 {0}</translation>
    </message>
    <message>
        <source>Greys {0}</source>
        <translation>灰度 {0}</translation>
    </message>
    <message>
        <source>View {0}</source>
        <translation>体位 {0}</translation>
    </message>
    <message>
        <source>Image type</source>
        <translation>图像类型</translation>
    </message>
    <message>
        <source>Slices {0}</source>
        <translation>层厚 {0}</translation>
    </message>
    <message>
        <source>Pixels {0}</source>
        <translation>像素 {0}</translation>
    </message>
    <message>
        <source>Age {0}</source>
        <translation>年龄 {0}</translation>
    </message>
    <message>
        <source>Size {0}</source>
        <translation>尺寸 {0}</translation>
    </message>
    <message>
        <source>Read this series</source>
        <translation>阅读此序列</translation>
    </message>
    <message>
        <source>This slice</source>
        <translation>此层</translation>
    </message>
    <message>
        <source>Range…</source>
        <translation>范围…</translation>
    </message>
    <message>
        <source>Stop reading</source>
        <translation>停止阅读</translation>
    </message>
    <message>
        <source>Read the rest of this series</source>
        <translation>阅读此序列的其余部分</translation>
    </message>
    <message>
        <source>Read this image</source>
        <translation>阅读此图像</translation>
    </message>
    <message>
        <source>AI panel</source>
        <translation>AI 面板</translation>
    </message>
    <message>
        <source>Open a series to read it with a model.</source>
        <translation>打开一个序列以用模型阅读。</translation>
    </message>
    <message>
        <source>AI</source>
        <translation>AI</translation>
    </message>
    <message>
        <source>AI, unverified</source>
        <translation>AI 结果，未经核实</translation>
    </message>
    <message>
        <source>Shown</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Hide AI ({0})</source>
        <translation>隐藏 AI ({0})</translation>
    </message>
    <message>
        <source>Show AI ({0})</source>
        <translation>显示 AI ({0})</translation>
    </message>
    <message>
        <source>AI score {0}, operating point {1}, unverified</source>
        <translation>AI 评分 {0}，工作阈值 {1}，未经核实</translation>
    </message>
    <message>
        <source>operating point</source>
        <translation>工作阈值</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>AI score, unverified</source>
        <translation>AI 评分，未经核实</translation>
    </message>
    <message>
        <source>RESULT</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>SCORE ALONG THE STACK</source>
        <translation>逐层评分</translation>
    </message>
    <message>
        <source>Score of this image</source>
        <translation>此图像的评分</translation>
    </message>
    <message>
        <source>Score so far, highest slice {0}</source>
        <translation>目前评分，最高在第 {0} 层</translation>
    </message>
    <message>
        <source>Score, highest slice {0}</source>
        <translation>评分，最高在第 {0} 层</translation>
    </message>
    <message>
        <source>Read so far: {0} of {1} slices.</source>
        <translation>已阅读：{1} 层中的 {0} 层。</translation>
    </message>
    <message>
        <source>Read: all {1} slices.</source>
        <translation>已阅读全部 {1} 层。</translation>
    </message>
    <message>
        <source>Below the point does not mean normal.</source>
        <translation>低于阈值并不表示正常。</translation>
    </message>
    <message>
        <source>A score is not the probability of disease.</source>
        <translation>评分不是患病概率。</translation>
    </message>
    <message>
        <source>Calibrated on data of its own, not on data from here.</source>
        <translation>用模型自身的数据校准，未用本机构数据。</translation>
    </message>
    <message>
        <source>Slice {0}: not read</source>
        <translation>第 {0} 层：未阅读</translation>
    </message>
    <message>
        <source>no reason given</source>
        <translation>未说明原因</translation>
    </message>
    <message>
        <source>Slice {0}: not evaluated. {1}</source>
        <translation>第 {0} 层：未评估。{1}</translation>
    </message>
    <message>
        <source>Slice {0}: score {1}. {2}.</source>
        <translation>第 {0} 层：评分 {1}，{2}。</translation>
    </message>
    <message>
        <source>Go to the highest slice ({0})</source>
        <translation>转到评分最高的层面（{0}）</translation>
    </message>
    <message>
        <source>Waiting, {0} before it</source>
        <translation>等待中，前面有 {0} 项</translation>
    </message>
    <message>
        <source>Waiting for the model</source>
        <translation>等待模型</translation>
    </message>
    <message>
        <source>The model is starting</source>
        <translation>模型正在启动</translation>
    </message>
    <message>
        <source>Stopped. What was read stays.</source>
        <translation>已停止。已阅读的部分保留。</translation>
    </message>
</context>
<context>
    <name>Asking</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Open DICOM files, a ZIP, a DICOMDIR or pictures</source>
        <translation>打开 DICOM 文件、ZIP、DICOMDIR 或图片</translation>
    </message>
    <message>
        <source>Open a folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>发生了什么</translation>
    </message>
    <message>
        <source>Add files to the worklist</source>
        <translation>将文件加入工作列表</translation>
    </message>
    <message>
        <source>Add a folder to the worklist</source>
        <translation>将文件夹加入工作列表</translation>
    </message>
    <message>
        <source>Watch a folder: its files come to the worklist by themselves</source>
        <translation>监视文件夹：其中的文件会自动进入工作列表</translation>
    </message>
    <message>
        <source>Watch this folder</source>
        <translation>监视此文件夹</translation>
    </message>
    <message>
        <source>Export the list into a folder</source>
        <translation>将列表导出到文件夹</translation>
    </message>
    <message>
        <source>Export here</source>
        <translation>导出到此处</translation>
    </message>
    <message>
        <source>Back up the library: the file gets the date and time as its name</source>
        <translation>备份资料库：文件以日期和时间命名</translation>
    </message>
    <message>
        <source>Back up here</source>
        <translation>备份到此处</translation>
    </message>
    <message>
        <source>Choose the backup to go back to</source>
        <translation>选择要恢复的备份</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>选择</translation>
    </message>
</context>
<context>
    <name>Audit</name>
    <message>
        <source>Study opened</source>
        <extracomment>Details that are written out, in this order; the others stay in `medviewer library audit --json`. What is written of opinions alone: what a model said is not told here before a reader has answered.</extracomment>
        <translation>打开检查</translation>
    </message>
    <message>
        <source>Study removed</source>
        <translation>移除检查</translation>
    </message>
    <message>
        <source>Moved in the list</source>
        <translation>在列表中移动</translation>
    </message>
    <message>
        <source>Assigned</source>
        <translation>已分配</translation>
    </message>
    <message>
        <source>Marked as read or unread</source>
        <translation>标记为已读或未读</translation>
    </message>
    <message>
        <source>Urgency set</source>
        <translation>设定紧急程度</translation>
    </message>
    <message>
        <source>Opinion given</source>
        <translation>给出意见</translation>
    </message>
    <message>
        <source>Opinion taken back</source>
        <translation>收回意见</translation>
    </message>
    <message>
        <source>Read by a model</source>
        <translation>由模型阅读</translation>
    </message>
    <message>
        <source>Worklist exported</source>
        <translation>工作列表已导出</translation>
    </message>
    <message>
        <source>Library backed up</source>
        <translation>资料库已备份</translation>
    </message>
    <message>
        <source>Library restored from a backup</source>
        <translation>资料库已从备份恢复</translation>
    </message>
    <message>
        <source>Audit checked</source>
        <translation>审计已核查</translation>
    </message>
    <message>
        <source>Data set frozen</source>
        <translation>数据集已冻结</translation>
    </message>
    <message>
        <source>Data set removed</source>
        <translation>数据集已移除</translation>
    </message>
    <message>
        <source>Training started</source>
        <translation>训练开始</translation>
    </message>
    <message>
        <source>Training finished</source>
        <translation>训练完成</translation>
    </message>
    <message>
        <source>Training failed</source>
        <translation>训练失败</translation>
    </message>
    <message>
        <source>Training stopped</source>
        <translation>训练停止</translation>
    </message>
    <message>
        <source>Locked test part looked at</source>
        <translation>查看了锁定测试部分</translation>
    </message>
    <message>
        <source>Model promoted</source>
        <translation>模型已启用</translation>
    </message>
    <message>
        <source>Went back to an earlier version</source>
        <translation>回到更早版本</translation>
    </message>
    <message>
        <source>Model imported</source>
        <translation>模型已导入</translation>
    </message>
    <message>
        <source>Model exported</source>
        <translation>模型已导出</translation>
    </message>
    <message>
        <source>Model removed</source>
        <translation>模型已移除</translation>
    </message>
    <message>
        <source>from</source>
        <translation>从</translation>
    </message>
    <message>
        <source>to</source>
        <translation>到</translation>
    </message>
    <message>
        <source>read:</source>
        <translation>已读：</translation>
    </message>
    <message>
        <source>before:</source>
        <translation>之前：</translation>
    </message>
    <message>
        <source>data set</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>look number</source>
        <translation>第几次查看</translation>
    </message>
    <message>
        <source>AUC</source>
        <translation>AUC</translation>
    </message>
    <message>
        <source>kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>studies:</source>
        <translation>检查：</translation>
    </message>
    <message>
        <source>file</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>entries:</source>
        <translation>记录：</translation>
    </message>
    <message>
        <source>problems:</source>
        <translation>问题：</translation>
    </message>
    <message>
        <source>whole:</source>
        <translation>完整：</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
</context>
<context>
    <name>Augment</name>
    <message>
        <source>Angle</source>
        <extracomment>In the order of the sliders. Value of a field that changes nothing.</extracomment>
        <translation>角度</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Gamma</source>
        <translation>伽马</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>对比度</translation>
    </message>
    <message>
        <source>Blur</source>
        <translation>模糊</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>As the model that it starts from was trained</source>
        <translation>与起始模型训练时相同</translation>
    </message>
    <message>
        <source>Mirror left and right</source>
        <translation>左右镜像</translation>
    </message>
    <message>
        <source>Off for chest films: it mirrors the heart and the side marker.</source>
        <translation>胸片请关闭：会镜像心脏和侧别标记。</translation>
    </message>
    <message>
        <source>As its recipe has it</source>
        <translation>按其配方</translation>
    </message>
    <message>
        <source>Choose a data set to see variants of one of its pictures.</source>
        <translation>选择数据集以查看其中一幅图片的变体。</translation>
    </message>
    <message>
        <source>{0} variants of one picture</source>
        <translation>同一图片的 {0} 种变体</translation>
    </message>
    <message>
        <source>Another picture</source>
        <translation>另一幅图片</translation>
    </message>
    <message>
        <source>Draw again</source>
        <translation>重新绘制</translation>
    </message>
</context>
<context>
    <name>Card</name>
    <message>
        <source>Model card</source>
        <translation>模型卡片</translation>
    </message>
    <message>
        <source>AI, unverified. Not for diagnostic use.</source>
        <translation>AI 结果，未经核实。不可用于诊断。</translation>
    </message>
    <message>
        <source>WHAT IT IS FOR</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>LIMITS</source>
        <translation>局限</translation>
    </message>
    <message>
        <source>CLASSES</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>THE NUMBER</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>HOW WELL IT DID</source>
        <translation>表现</translation>
    </message>
    <message>
        <source>WHERE IT COMES FROM</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>LICENCE AND CREDITS</source>
        <translation>许可与致谢</translation>
    </message>
    <message>
        <source>FILE</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Weights, SHA-256: {0}</source>
        <translation>权重，SHA-256：{0}</translation>
    </message>
    <message>
        <source>A score from 0 to 1. A score is not the probability of disease.</source>
        <translation>0 到 1 的评分。评分不是患病概率。</translation>
    </message>
    <message>
        <source>A calibrated number from 0 to 1. {0}</source>
        <translation>0 到 1 的校准数值。{0}</translation>
    </message>
    <message>
        <source>Share of positive images in the data of the calibration: {0}</source>
        <translation>校准数据中阳性图像的比例：{0}</translation>
    </message>
    <message>
        <source>Operating point {0}: {1}</source>
        <translation>工作阈值 {0}：{1}</translation>
    </message>
    <message>
        <source>(95 % interval {0} to {1})</source>
        <translation>（95 % 区间 {0} 至 {1}）</translation>
    </message>
    <message>
        <source>Data: {0}</source>
        <translation>数据：{0}</translation>
    </message>
    <message>
        <source>Split: {0}</source>
        <translation>划分：{0}</translation>
    </message>
    <message>
        <source>Seed {0}</source>
        <translation>随机种子 {0}</translation>
    </message>
</context>
<context>
    <name>Compare</name>
    <message>
        <source>In use</source>
        <extracomment>Height of the bars of cases under the axis.</extracomment>
        <translation>在用</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>候选</translation>
    </message>
    <message>
        <source>score {0}: {1} of {2} cases had the finding</source>
        <translation>评分 {0}：{2} 例中 {1} 例有该发现</translation>
    </message>
    <message>
        <source>Calibration.</source>
        <translation>校准。</translation>
    </message>
    <message>
        <source>score; bars: cases ({0} to {1} a bin)</source>
        <translation>评分；柱：病例（每格 {0} 至 {1}）</translation>
    </message>
    <message>
        <source>Compare, promote</source>
        <extracomment>Kind of the job that compares.</extracomment>
        <translation>比较与启用</translation>
    </message>
    <message>
        <source>What promotion needs</source>
        <translation>启用的条件</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>dots: share with the finding; open: in use, filled: candidate</source>
        <translation>点：有该发现的比例；空心：在用，实心：候选</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>New comparison…</source>
        <translation>新建比较…</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>回退</translation>
    </message>
    <message>
        <source>One click on the comparison</source>
        <translation>点击比较</translation>
    </message>
    <message>
        <source>Promote…</source>
        <translation>启用…</translation>
    </message>
    <message>
        <source>Looking at the comparisons</source>
        <translation>正在查看比较</translation>
    </message>
    <message>
        <source>a data set that is gone</source>
        <translation>已不在的数据集</translation>
    </message>
    <message>
        <source>Nothing was compared yet. A candidate and the version in use answer locked cases.</source>
        <translation>尚未比较。候选版本和在用版本回答锁定病例。</translation>
    </message>
    <message>
        <source>Go to fine-tuning</source>
        <translation>前往微调</translation>
    </message>
    <message>
        <source>{0}: in use {1} against candidate {2}</source>
        <translation>{0}：在用 {1} 对比候选 {2}</translation>
    </message>
    <message>
        <source>{0} locked cases of {1} patients, {2} with the finding, of {3}.</source>
        <translation>{3} 的 {1} 位患者共 {0} 例锁定病例，{2} 例有该发现。</translation>
    </message>
    <message>
        <source>{0} more could not be evaluated.</source>
        <translation>另有 {0} 例无法评估。</translation>
    </message>
    <message>
        <source>Go back to {0}</source>
        <translation>回到 {0}</translation>
    </message>
    <message>
        <source>run {0}</source>
        <translation>运行 {0}</translation>
    </message>
    <message>
        <source>{0}: {1} against {2}, {3}</source>
        <translation>{0}：{1} 对比 {2}，{3}</translation>
    </message>
    <message>
        <source>{0} is in use already.</source>
        <translation>{0} 已在使用。</translation>
    </message>
    <message>
        <source>{0} is in use by now. Compare again.</source>
        <translation>现在使用的是 {0}。请重新比较。</translation>
    </message>
    <message>
        <source>{0} is in use now. Every next analysis names it.</source>
        <translation>现已使用 {0}。今后的每次分析都注明它。</translation>
    </message>
    <message>
        <source>{0} of {1} answers</source>
        <translation>{1} 个回答中的 {0} 个</translation>
    </message>
    <message>
        <source>Comparing: both versions answer the locked cases.</source>
        <translation>正在比较：两个版本回答锁定病例。</translation>
    </message>
    <message>
        <source>Cases that change sides</source>
        <extracomment>Rows of the table before it scrolls.</extracomment>
        <translation>换侧的病例</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>病例</translation>
    </message>
    <message>
        <source>Both versions put every case on the same side of their points.</source>
        <translation>两个版本对每个病例都落在各自阈值的同一侧。</translation>
    </message>
    <message>
        <source>1 case</source>
        <translation>1 例</translation>
    </message>
    <message>
        <source>{0} cases</source>
        <translation>{0} 例</translation>
    </message>
    <message>
        <source>Case {0}, with the finding</source>
        <translation>病例 {0}，有该发现</translation>
    </message>
    <message>
        <source>Case {0}, without it</source>
        <translation>病例 {0}，无该发现</translation>
    </message>
    <message>
        <source>now on the right side</source>
        <translation>现在在正确一侧</translation>
    </message>
    <message>
        <source>now on the wrong side</source>
        <translation>现在在错误一侧</translation>
    </message>
    <message>
        <source>Map of {0}, AI, unverified</source>
        <translation>{0} 的图，AI 结果，未经核实</translation>
    </message>
    <message>
        <source>AI, unverified</source>
        <translation>AI 结果，未经核实</translation>
    </message>
    <message>
        <source>Score {0}</source>
        <translation>评分 {0}</translation>
    </message>
    <message>
        <source>Score {0}, above the point {1}</source>
        <translation>评分 {0}，高于工作阈值 {1}</translation>
    </message>
    <message>
        <source>Score {0}, below the point {1}</source>
        <translation>评分 {0}，低于工作阈值 {1}</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>轮廓</translation>
    </message>
    <message>
        <source>Heat</source>
        <translation>热图</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>图</translation>
    </message>
    <message>
        <source>Open the study</source>
        <translation>打开检查</translation>
    </message>
    <message>
        <source>A map shows what moved the score of this version, not where disease is. Two maps may differ though both scores are right.</source>
        <translation>图显示影响该版本评分的部位，而不是病灶所在。两张图可以不同，而两个评分都正确。</translation>
    </message>
    <message>
        <source>Choose a case to see what moved both scores.</source>
        <translation>选择一个病例，查看影响两个评分的部位。</translation>
    </message>
    <message>
        <source>In use, {0}</source>
        <translation>在用，{0}</translation>
    </message>
    <message>
        <source>Candidate, {0}</source>
        <translation>候选，{0}</translation>
    </message>
    <message>
        <source>Making both maps</source>
        <translation>正在制作两张图</translation>
    </message>
    <message>
        <source>AUC</source>
        <extracomment>Measures for which less is better: they have an axis of their own. Word -&gt; colour; the word itself always stands there.</extracomment>
        <translation>AUC</translation>
    </message>
    <message>
        <source>Sensitivity at the point</source>
        <translation>工作阈值处的灵敏度</translation>
    </message>
    <message>
        <source>Specificity at the point</source>
        <translation>工作阈值处的特异度</translation>
    </message>
    <message>
        <source>Accuracy at the point</source>
        <translation>工作阈值处的准确率</translation>
    </message>
    <message>
        <source>Calibration error</source>
        <translation>校准误差</translation>
    </message>
    <message>
        <source>Brier score</source>
        <translation>Brier 评分</translation>
    </message>
    <message>
        <source>better</source>
        <translation>更好</translation>
    </message>
    <message>
        <source>worse</source>
        <translation>更差</translation>
    </message>
    <message>
        <source>no difference</source>
        <translation>无差异</translation>
    </message>
    <message>
        <source>not clear</source>
        <translation>不明确</translation>
    </message>
    <message>
        <source>Both models on the same cases</source>
        <translation>两个模型在相同病例上</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>In words</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Comparison of both models</source>
        <translation>两个模型的比较</translation>
    </message>
    <message>
        <source>From {0} to {1}</source>
        <translation>从 {0} 到 {1}</translation>
    </message>
    <message>
        <source>Bars are 95 % intervals; open dots: in use, filled dots: candidate. Differences are of the same cases.</source>
        <translation>横条为 95 % 区间；空心点：在用，实心点：候选。差异为相同病例的差异。</translation>
    </message>
    <message>
        <source>Show {0} more rows of subgroups</source>
        <translation>再显示 {0} 行亚组</translation>
    </message>
    <message>
        <source>Show the worst subgroup only</source>
        <translation>只显示最差的亚组</translation>
    </message>
    <message>
        <source>Worst subgroup by {0}, {1}</source>
        <translation>{0}最差的亚组，{1}</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}，{1}</translation>
    </message>
    <message>
        <source>{0} cases, {1} with the finding</source>
        <translation>{0} 例，{1} 例有该发现</translation>
    </message>
</context>
<context>
    <name>Crash</name>
    <message>
        <source>Save a report</source>
        <translation>保存报告</translation>
    </message>
    <message>
        <source>Save a report: it holds no patient data</source>
        <translation>保存报告：其中不含患者数据</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The report is saved as {0}. It holds no patient data.</source>
        <translation>报告已保存为 {0}，其中不含患者数据。</translation>
    </message>
    <message>
        <source>Something went wrong inside medviewer</source>
        <translation>medviewer 内部出错</translation>
    </message>
    <message>
        <source>The images are not affected. You can go on. If it happens again, close medviewer and start it again.</source>
        <translation>图像不受影响，可以继续。如再次发生，请关闭并重新启动 medviewer。</translation>
    </message>
</context>
<context>
    <name>Curve</name>
    <message>
        <source>Score along the stack, AI, unverified.</source>
        <extracomment>Space around the axes: left, top, right, bottom.</extracomment>
        <translation>逐层评分，AI 结果，未经核实。</translation>
    </message>
    <message>
        <source>Slice {0}: {1}</source>
        <translation>第 {0} 层：{1}</translation>
    </message>
    <message>
        <source>Slice {0}: not evaluated</source>
        <translation>第 {0} 层：未评估</translation>
    </message>
    <message>
        <source>not yet read</source>
        <translation>尚未阅读</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>未阅读</translation>
    </message>
    <message>
        <source>not evaluated</source>
        <translation>未评估</translation>
    </message>
</context>
<context>
    <name>Date</name>
    <message>
        <source>No date</source>
        <translation>无日期</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>format of a date, as in QLocale.toString</comment>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>d MMM</source>
        <comment>format of a day without its year</comment>
        <translation>M月d日</translation>
    </message>
</context>
<context>
    <name>Dialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Show details</source>
        <translation>显示详情</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>复制详情</translation>
    </message>
    <message>
        <source>Hide details</source>
        <translation>隐藏详情</translation>
    </message>
    <message>
        <source>Files that were left out</source>
        <translation>被略过的文件</translation>
    </message>
    <message>
        <source>They stay where they are. Everything else was opened.</source>
        <translation>它们留在原处。其余均已打开。</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation>清空此列表</translation>
    </message>
    <message>
        <source>Read a range of slices</source>
        <translation>阅读一段层面</translation>
    </message>
    <message>
        <source>First slice</source>
        <translation>第一层</translation>
    </message>
    <message>
        <source>Last slice</source>
        <translation>最后一层</translation>
    </message>
    <message>
        <source>of {0} slices</source>
        <translation>共 {0} 层</translation>
    </message>
    <message>
        <source>to</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Read these slices</source>
        <translation>阅读这些层面</translation>
    </message>
    <message>
        <source>Keep as it is</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>Not for diagnostic use. medviewer is not a medical device.</source>
        <translation>不可用于诊断。medviewer 不是医疗器械。</translation>
    </message>
    <message>
        <source>A clinical image viewer in which AI can be seen through.</source>
        <translation>能看透 AI 的临床影像阅片软件。</translation>
    </message>
    <message>
        <source>Images, scores and explanations stay on this computer. Nothing is sent anywhere, and there is no account.</source>
        <translation>图像、评分和解释都留在本机。不会发送到任何地方，也没有账户。</translation>
    </message>
    <message>
        <source>Licence: Apache-2.0. Qt and PySide6: LGPL-3.0.</source>
        <translation>许可：Apache-2.0。Qt 与 PySide6：LGPL-3.0。</translation>
    </message>
    <message>
        <source>Icons: Phosphor, MIT. Type: Inter, OFL-1.1.</source>
        <translation>图标：Phosphor，MIT。字体：Inter，OFL-1.1。</translation>
    </message>
    <message>
        <source>Log: {0}</source>
        <translation>日志：{0}</translation>
    </message>
    <message>
        <source>Copy versions</source>
        <translation>复制版本信息</translation>
    </message>
</context>
<context>
    <name>Drop</name>
    <message>
        <source>Release to open. The files stay where they are, on this computer.</source>
        <translation>松开即可打开。文件留在本机原处。</translation>
    </message>
    <message>
        <source>Release to add to the worklist. The files stay where they are, on this computer.</source>
        <translation>松开即可加入工作列表。文件留在本机原处。</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>none</source>
        <extracomment>What stands before a gate, by `Gate.ok`.</extracomment>
        <translation>无</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 至 {1}</translation>
    </message>
    <message>
        <source>d MMM yyyy, HH:mm</source>
        <comment>as in QLocale.toString</comment>
        <translation>yyyy年M月d日 HH:mm</translation>
    </message>
    <message>
        <source>less than a minute</source>
        <translation>不到一分钟</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 小时 {1} 分钟</translation>
    </message>
    <message>
        <source>Passed: {0}</source>
        <translation>已通过：{0}</translation>
    </message>
    <message>
        <source>Failed: {0}</source>
        <translation>未通过：{0}</translation>
    </message>
    <message>
        <source>Cannot be told: {0}</source>
        <translation>无法判断：{0}</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Nothing is open</source>
        <extracomment>Recent openings that are listed.</extracomment>
        <translation>没有打开任何内容</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Open the sample study</source>
        <translation>打开示例检查</translation>
    </message>
    <message>
        <source>Drop a folder, a ZIP or DICOM files here</source>
        <translation>将文件夹、ZIP 或 DICOM 文件拖放到此处</translation>
    </message>
    <message>
        <source>The files stay where they are, on this computer.</source>
        <translation>文件留在本机原处。</translation>
    </message>
    <message>
        <source>Opens CT, MR, CR, DX and MG, single and multi-frame, also PNG, JPEG, TIFF. No video.</source>
        <translation>可打开 CT、MR、CR、DX 和 MG（单帧和多帧），以及 PNG、JPEG、TIFF。不支持视频。</translation>
    </message>
    <message>
        <source>A study that the AI cannot read opens all the same.</source>
        <translation>AI 不能阅读的检查同样可以打开。</translation>
    </message>
    <message>
        <source>Opened lately</source>
        <translation>最近打开</translation>
    </message>
</context>
<context>
    <name>Jobs</name>
    <message>
        <source>Waiting</source>
        <extracomment>Finished jobs that stay in the list.</extracomment>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>{0} so far</source>
        <translation>目前 {0}</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Stop: {0}</source>
        <translation>停止：{0}</translation>
    </message>
    <message>
        <source>No jobs yet.</source>
        <translation>还没有任务。</translation>
    </message>
    <message>
        <source>List of jobs</source>
        <translation>任务列表</translation>
    </message>
    <message>
        <source>Show the jobs</source>
        <translation>显示任务</translation>
    </message>
    <message>
        <source>Stop this job</source>
        <translation>停止此任务</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>知道了</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Hide the jobs</source>
        <translation>隐藏任务</translation>
    </message>
    <message>
        <source>{0} more waiting</source>
        <translation>另有 {0} 项等待</translation>
    </message>
</context>
<context>
    <name>Keys</name>
    <message>
        <source>Left drag</source>
        <translation>左键拖动</translation>
    </message>
    <message>
        <source>Current tool</source>
        <translation>当前工具</translation>
    </message>
    <message>
        <source>Middle drag, or Shift and left</source>
        <translation>中键拖动，或 Shift 加左键</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>Right drag</source>
        <translation>右键拖动</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>滚轮</translation>
    </message>
    <message>
        <source>Next or previous slice</source>
        <translation>下一层或上一层</translation>
    </message>
    <message>
        <source>Shift and wheel</source>
        <translation>Shift 加滚轮</translation>
    </message>
    <message>
        <source>10 slices</source>
        <translation>10 层</translation>
    </message>
    <message>
        <source>Ctrl and wheel</source>
        <translation>Ctrl 加滚轮</translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation>以指针为中心缩放</translation>
    </message>
    <message>
        <source>Ctrl and left drag</source>
        <translation>Ctrl 加左键拖动</translation>
    </message>
    <message>
        <source>Window and level</source>
        <translation>窗宽窗位</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>双击</translation>
    </message>
    <message>
        <source>Fill the centre, or restore</source>
        <translation>占满中央或还原</translation>
    </message>
    <message>
        <source>Right click</source>
        <translation>右键单击</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
    <message>
        <source>Hold Space</source>
        <translation>按住空格</translation>
    </message>
    <message>
        <source>Plain image</source>
        <translation>纯图像</translation>
    </message>
    <message>
        <source>F6, Shift F6</source>
        <translation>F6，Shift F6</translation>
    </message>
    <message>
        <source>Next, previous region</source>
        <translation>下一区域、上一区域</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Close, then back to the viewport</source>
        <translation>关闭，然后回到视口</translation>
    </message>
    <message>
        <source>Find a key or a command</source>
        <translation>查找快捷键或命令</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Keys can be changed in Settings &gt; Keys.</source>
        <translation>可在“设置 &gt; 快捷键”中更改。</translation>
    </message>
    <message>
        <source>Mouse and more</source>
        <translation>鼠标及其他</translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>Another study is on the screen now. Nothing was kept.</source>
        <extracomment>Opinions that are looked through for labels used before.</extracomment>
        <translation>屏幕上已是另一个检查。未保存任何内容。</translation>
    </message>
    <message>
        <source>Export this list</source>
        <extracomment>Problems of the audit that are listed; the rest is a number.</extracomment>
        <translation>导出此列表</translation>
    </message>
    <message>
        <source>Writes worklist.csv and worklist.html with 1 study, as the list stands now.</source>
        <translation>按当前列表写入 worklist.csv 和 worklist.html，共 1 个检查。</translation>
    </message>
    <message>
        <source>Writes worklist.csv and worklist.html with {0} studies, as the list stands now.</source>
        <translation>按当前列表写入 worklist.csv 和 worklist.html，共 {0} 个检查。</translation>
    </message>
    <message>
        <source>Write patients&apos; names and IDs into the files</source>
        <translation>在文件中写入患者姓名和编号</translation>
    </message>
    <message>
        <source>Choose the folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Do not export</source>
        <translation>不导出</translation>
    </message>
    <message>
        <source>Whoever gets the files can read who the patients are.</source>
        <translation>任何拿到文件的人都能看到患者身份。</translation>
    </message>
    <message>
        <source>Without names the studies are told apart by their number in the list.</source>
        <translation>不含姓名时，检查以其在列表中的编号区分。</translation>
    </message>
    <message>
        <source>Go back to this backup?</source>
        <translation>恢复到此备份？</translation>
    </message>
    <message>
        <source>Backup: {0}</source>
        <translation>备份：{0}</translation>
    </message>
    <message>
        <source>The library as it is now is saved first; the message at the end says where.</source>
        <translation>先保存当前的资料库；结束时的消息会说明保存位置。</translation>
    </message>
    <message>
        <source>What was added since the backup, opinions too, is then only in that saved copy.</source>
        <translation>备份之后新增的内容（包括意见）届时只存在于该副本中。</translation>
    </message>
    <message>
        <source>Images are not touched. What is open stays open.</source>
        <translation>图像不受影响。已打开的内容保持打开。</translation>
    </message>
    <message>
        <source>Go back to the backup</source>
        <translation>恢复到备份</translation>
    </message>
    <message>
        <source>Keep the library as it is</source>
        <translation>保持资料库不变</translation>
    </message>
    <message>
        <source>Check of the audit</source>
        <translation>审计检查</translation>
    </message>
    <message>
        <source>1 entry</source>
        <translation>1 条记录</translation>
    </message>
    <message>
        <source>{0} entries</source>
        <translation>{0} 条记录</translation>
    </message>
    <message>
        <source>{0}: none was changed, removed or moved.</source>
        <translation>{0}：没有被更改、删除或移动的记录。</translation>
    </message>
    <message>
        <source>{0}: something does not fit.</source>
        <translation>{0}：有不相符之处。</translation>
    </message>
    <message>
        <source>WHAT WAS FOUND</source>
        <translation>发现的问题</translation>
    </message>
    <message>
        <source>TO BE KNOWN</source>
        <translation>须知</translation>
    </message>
    <message>
        <source>WHAT THIS CHECK CANNOT FIND</source>
        <translation>此检查无法发现的问题</translation>
    </message>
    <message>
        <source>What the check found</source>
        <translation>检查结果</translation>
    </message>
    <message>
        <source>Copy this report</source>
        <translation>复制此报告</translation>
    </message>
    <message>
        <source>Add a note</source>
        <extracomment>Longest note and longest label, in characters.</extracomment>
        <translation>添加备注</translation>
    </message>
    <message>
        <source>Kept with your opinion. Do not write who the patient is.</source>
        <translation>与您的意见一同保存。请勿写明患者身份。</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Keep the note</source>
        <translation>保存备注</translation>
    </message>
    <message>
        <source>Leave it as it was</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>{0} characters; a note has at most {1}.</source>
        <translation>{0} 个字符；备注最多 {1} 个。</translation>
    </message>
    <message>
        <source>{0} of {1} characters</source>
        <translation>{0} / {1} 个字符</translation>
    </message>
    <message>
        <source>Write something to keep.</source>
        <translation>请先写下内容。</translation>
    </message>
    <message>
        <source>This note is kept already.</source>
        <translation>此备注已保存。</translation>
    </message>
    <message>
        <source>It is something else</source>
        <translation>这是其他情况</translation>
    </message>
    <message>
        <source>Find a label or write a new one</source>
        <translation>查找标签或输入新标签</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Use this label</source>
        <translation>使用此标签</translation>
    </message>
    <message>
        <source>Keep the label of the model</source>
        <translation>保留模型的标签</translation>
    </message>
    <message>
        <source>class of the model</source>
        <translation>模型的类别</translation>
    </message>
    <message>
        <source>used before</source>
        <translation>曾用过</translation>
    </message>
    <message>
        <source>new label</source>
        <translation>新标签</translation>
    </message>
    <message>
        <source>Write a label first.</source>
        <translation>请先输入标签。</translation>
    </message>
    <message>
        <source>Move to a place</source>
        <translation>移动到指定位置</translation>
    </message>
    <message>
        <source>The study stays at the place that you give it and shows a pin.</source>
        <translation>检查将停留在您指定的位置，并显示图钉。</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>of {0}</source>
        <translation>共 {0}</translation>
    </message>
    <message>
        <source>Move it there</source>
        <translation>移到那里</translation>
    </message>
    <message>
        <source>Leave it where it is</source>
        <translation>留在原处</translation>
    </message>
    <message>
        <source>How urgent is this study?</source>
        <translation>此检查有多紧急？</translation>
    </message>
    <message>
        <source>The order in the list follows the urgency first. The AI never changes it.</source>
        <translation>列表顺序首先依据紧急程度。AI 从不更改它。</translation>
    </message>
    <message>
        <source>STAT</source>
        <translation>特急</translation>
    </message>
    <message>
        <source>Urgent</source>
        <translation>紧急</translation>
    </message>
    <message>
        <source>Routine</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Leave it as it is</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>Remove 1 study from the library?</source>
        <translation>从资料库中移除 1 个检查？</translation>
    </message>
    <message>
        <source>Remove {0} studies from the library?</source>
        <translation>从资料库中移除 {0} 个检查？</translation>
    </message>
    <message>
        <source>remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>The files stay where they are and can be opened again.</source>
        <translation>文件留在原处，可以再次打开。</translation>
    </message>
    <message>
        <source>Opinions, notes, AI results and places in the list go too. This cannot be undone.</source>
        <translation>意见、备注、AI 结果和列表中的位置也会一并移除，且无法撤销。</translation>
    </message>
    <message>
        <source>The audit keeps that they were removed, by whom and when.</source>
        <translation>审计记录会保留由谁、何时移除。</translation>
    </message>
    <message>
        <source>To go on, type {0} or the word “{1}”.</source>
        <translation>如要继续，请输入 {0} 或“{1}”。</translation>
    </message>
    <message>
        <source>Remove 1 study</source>
        <translation>移除 1 个检查</translation>
    </message>
    <message>
        <source>Remove {0} studies</source>
        <translation>移除 {0} 个检查</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>Light</name>
    <message>
        <source>Fast copy in whole numbers (int8)</source>
        <extracomment>Kinds of copies that are offered, and the kind of the job that makes one.</extracomment>
        <translation>整数快速副本（int8）</translation>
    </message>
    <message>
        <source>Fast copy (ONNX)</source>
        <translation>快速副本（ONNX）</translation>
    </message>
    <message>
        <source>Smaller network</source>
        <translation>较小的网络</translation>
    </message>
    <message>
        <source>{0} times as fast</source>
        <translation>速度为 {0} 倍</translation>
    </message>
    <message>
        <source>{0} times as fast, slower</source>
        <translation>速度为 {0} 倍，较慢</translation>
    </message>
    <message>
        <source>{0} on {1} pictures</source>
        <translation>{1} 幅图片上 {0}</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>{0} MB instead of {1} MB</source>
        <translation>{0} MB，原为 {1} MB</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>AUC</source>
        <translation>AUC</translation>
    </message>
    <message>
        <source>{0}, the model {1}</source>
        <translation>{0}，模型为 {1}</translation>
    </message>
    <message>
        <source>Scores differ by</source>
        <translation>评分差异</translation>
    </message>
    <message>
        <source>Make and test it</source>
        <translation>制作并测试</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>使用它</translation>
    </message>
    <message>
        <source>Use the model itself</source>
        <translation>使用模型本身</translation>
    </message>
    <message>
        <source>being made</source>
        <translation>正在制作</translation>
    </message>
    <message>
        <source>not made</source>
        <translation>未制作</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>在用</translation>
    </message>
    <message>
        <source>equal answers</source>
        <translation>回答一致</translation>
    </message>
    <message>
        <source>not equal enough</source>
        <translation>不够一致</translation>
    </message>
    <message>
        <source>Make and test it again</source>
        <translation>重新制作并测试</translation>
    </message>
    <message>
        <source>Its answers are not equal enough to the model&apos;s.</source>
        <translation>其回答与模型不够一致。</translation>
    </message>
    <message>
        <source>A lighter copy answers for the model on the processor. It must first prove equal answers.</source>
        <translation>轻量副本在处理器上代替模型回答。它必须先证明回答一致。</translation>
    </message>
    <message>
        <source>Make it lighter</source>
        <translation>轻量化</translation>
    </message>
    <message>
        <source>A candidate gets lighter copies when it is in use.</source>
        <translation>候选模型投入使用后才有轻量副本。</translation>
    </message>
    <message>
        <source>Making and testing a copy, {0} of {1} answers</source>
        <translation>正在制作并测试副本，{1} 个回答中的 {0} 个</translation>
    </message>
    <message>
        <source>Making and testing a copy</source>
        <translation>正在制作并测试副本</translation>
    </message>
</context>
<context>
    <name>NewComparison</name>
    <message>
        <source>New comparison</source>
        <translation>新建比较</translation>
    </message>
    <message>
        <source>The candidate and the version in use answer the same locked cases, which neither of them was made with.</source>
        <translation>候选版本和在用版本回答相同的锁定病例，两者都不是用它们制作的。</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>候选</translation>
    </message>
    <message>
        <source>Data set</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Locked part of</source>
        <translation>锁定部分属于</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>There is no candidate. Fine-tune a model first.</source>
        <translation>没有候选模型。请先微调一个模型。</translation>
    </message>
    <message>
        <source>There is no frozen data set with a locked part.</source>
        <translation>没有带锁定部分的冻结数据集。</translation>
    </message>
    <message>
        <source>{0} locked cases.</source>
        <translation>{0} 例锁定病例。</translation>
    </message>
    <message>
        <source>Nobody has looked at this locked part yet.</source>
        <translation>还没有人查看过此锁定部分。</translation>
    </message>
    <message>
        <source>This locked part was looked at once.</source>
        <translation>此锁定部分已查看一次。</translation>
    </message>
    <message>
        <source>This locked part was looked at {0} times.</source>
        <translation>此锁定部分已查看 {0} 次。</translation>
    </message>
    <message>
        <source>Each look makes its figures a little too good.</source>
        <translation>每次查看都会使其数字略微偏好。</translation>
    </message>
    <message>
        <source>{0}, run {1}</source>
        <translation>{0}，运行 {1}</translation>
    </message>
</context>
<context>
    <name>NewTraining</name>
    <message>
        <source>New training</source>
        <extracomment>Milliseconds of rest after which a change is looked at. Versions in use come first, then those that were, then candidates.</extracomment>
        <translation>新建训练</translation>
    </message>
    <message>
        <source>Looking at data sets and models</source>
        <translation>正在查看数据集和模型</translation>
    </message>
    <message>
        <source>How pictures are varied</source>
        <translation>图片如何变化</translation>
    </message>
    <message>
        <source>Before it starts</source>
        <translation>开始之前</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>开始训练</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>There is no frozen data set. Check one and freeze it first.</source>
        <translation>没有冻结的数据集。请先核查并冻结一个。</translation>
    </message>
    <message>
        <source>This data set has no pictures to fit.</source>
        <translation>此数据集没有可训练的图片。</translation>
    </message>
    <message>
        <source>Making the preview</source>
        <translation>正在制作预览</translation>
    </message>
    <message>
        <source>Will train on the processor, about {0}.</source>
        <translation>将在处理器上训练，约 {0}。</translation>
    </message>
    <message>
        <source>Will train on the graphics card, about {0}.</source>
        <translation>将在显卡上训练，约 {0}。</translation>
    </message>
    <message>
        <source>Will train on Apple graphics, about {0}.</source>
        <translation>将在 Apple 图形处理器上训练，约 {0}。</translation>
    </message>
    <message>
        <source>Will train on this computer, about {0}.</source>
        <translation>将在此计算机上训练，约 {0}。</translation>
    </message>
    <message>
        <source>How long it takes is known after its first epoch.</source>
        <translation>第一轮之后才知道需要多久。</translation>
    </message>
    <message>
        <source>{0}, from scratch</source>
        <translation>{0}，从头训练</translation>
    </message>
    <message>
        <source>{0}, in use</source>
        <translation>{0}，在用</translation>
    </message>
    <message>
        <source>{0}, candidate</source>
        <translation>{0}，候选</translation>
    </message>
    <message>
        <source>Data set</source>
        <extracomment>Rates that can be chosen, and how deep the net is frozen.</extracomment>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Starts from</source>
        <translation>起始于</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>What learns</source>
        <translation>参与学习的部分</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Rare labels count for more</source>
        <translation>少见的标签权重更大</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>Mixup</source>
        <translation>Mixup</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>the fastest there is</source>
        <translation>最快的设备</translation>
    </message>
    <message>
        <source>the processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>the graphics card</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>Apple graphics</source>
        <translation>Apple 图形处理器</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批量</translation>
    </message>
    <message>
        <source>Stops early</source>
        <translation>提前停止</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source> epochs without gain</source>
        <translation> 轮无提高</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Class weights</source>
        <translation>类别权重</translation>
    </message>
    <message>
        <source>{0} on {1}</source>
        <translation>{0}，在{1}上</translation>
    </message>
    <message>
        <source>From scratch everything learns.</source>
        <translation>从头训练时全部参与学习。</translation>
    </message>
</context>
<context>
    <name>Opinion</name>
    <message>
        <source>Your opinion</source>
        <extracomment>Commands of the three answers, and of what goes with an opinion. Other readers&apos; opinions that are listed; in a small window only the newest one. Characters of a note that are shown in the panel, and in its tooltip.</extracomment>
        <translation>您的意见</translation>
    </message>
    <message>
        <source>YOUR OPINION</source>
        <translation>您的意见</translation>
    </message>
    <message>
        <source>Kept with your name, the model version and the time.</source>
        <translation>与您的姓名、模型版本和时间一同保存。</translation>
    </message>
    <message>
        <source>What the opinion is about</source>
        <translation>意见针对的内容</translation>
    </message>
    <message>
        <source>On this study</source>
        <translation>针对此检查</translation>
    </message>
    <message>
        <source>On the finding at slice {0}</source>
        <translation>针对第 {0} 层的发现</translation>
    </message>
    <message>
        <source>On the finding in this image</source>
        <translation>针对此图像中的发现</translation>
    </message>
    <message>
        <source>This study</source>
        <translation>此检查</translation>
    </message>
    <message>
        <source>Finding {0} of {1}, AI score {2}</source>
        <translation>发现 {0}/{1}，AI 评分 {2}</translation>
    </message>
    <message>
        <source>AI, unverified. No opinion yet.</source>
        <translation>AI 结果，未经核实。尚无意见。</translation>
    </message>
    <message>
        <source>Present</source>
        <translation>有</translation>
    </message>
    <message>
        <source>Agree</source>
        <translation>同意</translation>
    </message>
    <message>
        <source>Absent</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Disagree</source>
        <translation>不同意</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>Other label</source>
        <translation>其他标签</translation>
    </message>
    <message>
        <source>Add a note</source>
        <translation>添加备注</translation>
    </message>
    <message>
        <source>Change the note</source>
        <translation>更改备注</translation>
    </message>
    <message>
        <source>Your reading first: {0}?</source>
        <translation>请先给出您的判断：{0}？</translation>
    </message>
    <message>
        <source>Your reading first?</source>
        <translation>请先给出您的判断</translation>
    </message>
    <message>
        <source>(and {0} more)</source>
        <translation>（另有 {0} 条）</translation>
    </message>
    <message>
        <source>Note: {0}</source>
        <translation>备注：{0}</translation>
    </message>
    <message>
        <source>Chosen</source>
        <translation>已选择</translation>
    </message>
    <message>
        <source>time not known</source>
        <extracomment>Characters of a reader&apos;s name and of a label that are shown. Icon of each verdict; a word always stands beside it.</extracomment>
        <translation>时间未知</translation>
    </message>
    <message>
        <source>A reader without a name</source>
        <translation>未署名的阅片者</translation>
    </message>
    <message>
        <source>Other: {0}</source>
        <translation>其他：{0}</translation>
    </message>
    <message>
        <source>(before AI was shown)</source>
        <translation>（在显示 AI 之前）</translation>
    </message>
    <message>
        <source>You agreed, {1}</source>
        <translation>您同意，{1}</translation>
    </message>
    <message>
        <source>You disagreed, {1}</source>
        <translation>您不同意，{1}</translation>
    </message>
    <message>
        <source>You were unsure, {1}</source>
        <translation>您不确定，{1}</translation>
    </message>
    <message>
        <source>You said {2}, {1}</source>
        <translation>您认为是{2}，{1}</translation>
    </message>
    <message>
        <source>{0} agreed, {1}</source>
        <translation>{0}同意，{1}</translation>
    </message>
    <message>
        <source>{0} disagreed, {1}</source>
        <translation>{0}不同意，{1}</translation>
    </message>
    <message>
        <source>{0} was unsure, {1}</source>
        <translation>{0}不确定，{1}</translation>
    </message>
    <message>
        <source>{0} said {2}, {1}</source>
        <translation>{0}认为是{2}，{1}</translation>
    </message>
    <message>
        <source>Undo</source>
        <extracomment>Room at the sides, and under it for the ruler and the orientation letter of a viewport.</extracomment>
        <translation>撤销</translation>
    </message>
    <message>
        <source>{0} Undo with {1}.</source>
        <translation>{0} 按 {1} 撤销。</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Find a study or a command</source>
        <extracomment>At most so many lines of a group.</extracomment>
        <translation>查找检查或命令</translation>
    </message>
    <message>
        <source>Find a study, a command or a setting</source>
        <translation>查找检查、命令或设置</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>查找结果</translation>
    </message>
    <message>
        <source>STUDIES</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>COMMANDS</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>SETTINGS</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Nothing fits. Try another word.</source>
        <translation>没有匹配项。请换一个词。</translation>
    </message>
    <message>
        <source>Open again: {0}</source>
        <translation>再次打开：{0}</translation>
    </message>
</context>
<context>
    <name>Patient</name>
    <message>
        <source>Name hidden</source>
        <translation>姓名已隐藏</translation>
    </message>
    <message>
        <source>No name in the file</source>
        <translation>文件中无姓名</translation>
    </message>
    <message>
        <source>{0} y</source>
        <translation>{0} 岁</translation>
    </message>
    <message>
        <source>{0} months</source>
        <translation>{0} 个月</translation>
    </message>
    <message>
        <source>{0} weeks</source>
        <translation>{0} 周</translation>
    </message>
    <message>
        <source>{0} days</source>
        <translation>{0} 天</translation>
    </message>
</context>
<context>
    <name>Promote</name>
    <message>
        <source>Promote {0}?</source>
        <translation>启用 {0}？</translation>
    </message>
    <message>
        <source>Every next analysis is made with it instead of {0}. {0} stays here: going back is one click.</source>
        <translation>今后的每次分析都用它代替 {0}。{0} 仍保留：一次点击即可回退。</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Model and version</source>
        <translation>模型和版本</translation>
    </message>
    <message>
        <source>Why? It is written into the audit and into the model card.</source>
        <translation>为什么？将写入审计和模型卡片。</translation>
    </message>
    <message>
        <source>Type {0} to confirm:</source>
        <translation>输入 {0} 以确认：</translation>
    </message>
    <message>
        <source>Promote</source>
        <translation>启用</translation>
    </message>
    <message>
        <source>Keep {0}</source>
        <translation>保留 {0}</translation>
    </message>
    <message>
        <source>I have read this</source>
        <translation>我已阅读</translation>
    </message>
    <message>
        <source>I have read this: {0}</source>
        <translation>我已阅读：{0}</translation>
    </message>
    <message>
        <source>Tick what could not be told.</source>
        <translation>请勾选无法判断的各项。</translation>
    </message>
    <message>
        <source>Give a reason.</source>
        <translation>请给出理由。</translation>
    </message>
    <message>
        <source>A reason has at most {0} characters.</source>
        <translation>理由最多 {0} 个字符。</translation>
    </message>
    <message>
        <source>Type the model and its version as they stand above.</source>
        <translation>请按上面所示输入模型及其版本。</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>&amp;Look in:</source>
        <extracomment>Those with places: a sentence that is made of parts is found by its pattern. Words of Qt&apos;s own file dialog that Qt&apos;s Chinese lacks.</extracomment>
        <translation>查找范围(&amp;L)：</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>文件类型(&amp;T)：</translation>
    </message>
</context>
<context>
    <name>Series</name>
    <message>
        <source>Series</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>1 image</source>
        <translation>1 幅图像</translation>
    </message>
    <message>
        <source>{0} images</source>
        <translation>{0} 幅图像</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Commands and their keys</source>
        <translation>命令及其快捷键</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Change the key</source>
        <translation>更改快捷键</translation>
    </message>
    <message>
        <source>Back to its own key</source>
        <translation>恢复默认快捷键</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>无快捷键</translation>
    </message>
    <message>
        <source>Viewport</source>
        <translation>视口</translation>
    </message>
    <message>
        <source>AI panel</source>
        <translation>AI 面板</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>阅片</translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation>工作列表</translation>
    </message>
    <message>
        <source>Reader and worklist</source>
        <translation>阅片与工作列表</translation>
    </message>
    <message>
        <source>Admin</source>
        <translation>管理</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>全局</translation>
    </message>
    <message>
        <source>Press the new key for: {0}. Esc leaves it as it is.</source>
        <translation>请为“{0}”按下新的快捷键。按 Esc 保持不变。</translation>
    </message>
    <message>
        <source>Takes effect at the next start.</source>
        <translation>下次启动时生效。</translation>
    </message>
    <message>
        <source>There is no model here.</source>
        <translation>此处没有模型。</translation>
    </message>
    <message>
        <source>{0} (not on this computer)</source>
        <translation>{0}（不在此计算机上）</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Find a setting</source>
        <translation>查找设置</translation>
    </message>
    <message>
        <source>No setting fits. Try another word.</source>
        <translation>没有匹配的设置。请换一个词。</translation>
    </message>
    <message>
        <source>Reset this page</source>
        <translation>重置此页</translation>
    </message>
</context>
<context>
    <name>Start</name>
    <message>
        <source>Safe mode: default settings, models that came with the program, on the processor and only when asked, no watched folder.</source>
        <translation>安全模式：默认设置，仅使用随程序提供的模型，只在处理器上、且只在要求时运行，不监视文件夹。</translation>
    </message>
    <message>
        <source>Leave safe mode</source>
        <translation>退出安全模式</translation>
    </message>
    <message>
        <source>Closes medviewer and starts it as usual.</source>
        <translation>关闭 medviewer 并按平常方式启动。</translation>
    </message>
    <message>
        <source>Open again what was open</source>
        <translation>重新打开之前的内容</translation>
    </message>
    <message>
        <source>Start in safe mode</source>
        <translation>以安全模式启动</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>忽略</translation>
    </message>
    <message>
        <source>medviewer ended unexpectedly, {0} times in a row.</source>
        <translation>medviewer 已连续 {0} 次意外结束。</translation>
    </message>
    <message>
        <source>medviewer ended unexpectedly last time.</source>
        <translation>medviewer 上次意外结束。</translation>
    </message>
    <message>
        <source>What was open before medviewer ended unexpectedly can be opened again.</source>
        <translation>medviewer 意外结束前打开的内容可以重新打开。</translation>
    </message>
    <message>
        <source>Notes that were begun are there again with their study.</source>
        <translation>已开始写的备注会随其检查重新出现。</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>Model runs on this computer, {0}</source>
        <extracomment>Below these widths the window folds (UI brief 3, &quot;Sizes and screens&quot;). How long after the first image the plot is imported, and how long after that the model process starts: one after the other, and after the reader&apos;s first movements. How long after the window is complete the library is opened for what waits in it.</extracomment>
        <translation>模型在本机运行，{0}</translation>
    </message>
    <message>
        <source>Not for diagnostic use</source>
        <extracomment>How long a passing word (&quot;Open a study first.&quot;) stays.</extracomment>
        <translation>不可用于诊断</translation>
    </message>
    <message>
        <source>Pictures are synthetic</source>
        <translation>图像为合成图像</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Display: greyscale calibration not checked</source>
        <translation>显示器：灰阶校准未检查</translation>
    </message>
</context>
<context>
    <name>Strip</name>
    <message>
        <source>Drop files or a folder here</source>
        <translation>将文件或文件夹拖放到此处</translation>
    </message>
    <message>
        <source>Drop files or a folder here, or click to choose files</source>
        <translation>将文件或文件夹拖放到此处，或单击选择文件</translation>
    </message>
    <message>
        <source>{0} of {1} files left out. Show them</source>
        <translation>{1} 个文件中略过了 {0} 个。查看</translation>
    </message>
    <message>
        <source>{0} left out</source>
        <translation>略过 {0} 个</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>AI reading</source>
        <translation>AI 阅读中</translation>
    </message>
    <message>
        <source>Not evaluated</source>
        <translation>未评估</translation>
    </message>
    <message>
        <source>AI read</source>
        <translation>AI 已阅读</translation>
    </message>
    <message>
        <source>AI read in part</source>
        <translation>AI 已阅读部分</translation>
    </message>
    <message>
        <source>1 film</source>
        <translation>1 张胶片</translation>
    </message>
    <message>
        <source>{0} films</source>
        <translation>{0} 张胶片</translation>
    </message>
    <message>
        <source>Without header</source>
        <translation>无文件头</translation>
    </message>
    <message>
        <source>Films</source>
        <translation>胶片</translation>
    </message>
    <message>
        <source>this study</source>
        <translation>本次检查</translation>
    </message>
    <message>
        <source>other patient</source>
        <translation>其他患者</translation>
    </message>
    <message>
        <source>prior</source>
        <translation>既往</translation>
    </message>
    <message>
        <source>1 series</source>
        <translation>1 个序列</translation>
    </message>
    <message>
        <source>{0} series</source>
        <translation>{0} 个序列</translation>
    </message>
</context>
<context>
    <name>Toolbar</name>
    <message>
        <source>Tools</source>
        <extracomment>Groups of (command, icon), with a divider between groups. Commands of the right-click menu; &quot;&quot; is a divider.</extracomment>
        <translation>工具</translation>
    </message>
    <message>
        <source>Window preset</source>
        <translation>预设窗</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>布局</translation>
    </message>
    <message>
        <source>Text over the image</source>
        <translation>图像上的文字</translation>
    </message>
    <message>
        <source>Text: full</source>
        <translation>文字：完整</translation>
    </message>
    <message>
        <source>Text: short</source>
        <translation>文字：简短</translation>
    </message>
    <message>
        <source>Text: none</source>
        <translation>文字：无</translation>
    </message>
    <message>
        <source>File&apos;s window</source>
        <translation>文件自带窗</translation>
    </message>
    <message>
        <source>Own window</source>
        <translation>自定义窗</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Find a study or a command</source>
        <translation>查找检查或命令</translation>
    </message>
    <message>
        <source>Open files, a folder or a recent study</source>
        <translation>打开文件、文件夹或最近的检查</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation>工作列表</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>阅片</translation>
    </message>
    <message>
        <source>Admin</source>
        <translation>管理</translation>
    </message>
    <message>
        <source>A picture without a header: no patient</source>
        <translation>无文件头的图片：无患者</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
</context>
<context>
    <name>Training</name>
    <message>
        <source>Curve</source>
        <extracomment>Milliseconds between two looks at runs that change all the time. States in which a run can be taken off the list.</extracomment>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Fine-tuning</source>
        <translation>微调</translation>
    </message>
    <message>
        <source>New training…</source>
        <translation>新建训练…</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Stop and keep best</source>
        <translation>停止并保留最佳</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Compare it with the version in use</source>
        <translation>与在用版本比较</translation>
    </message>
    <message>
        <source>Looking at the runs</source>
        <translation>正在查看运行</translation>
    </message>
    <message>
        <source>No training yet. It needs a frozen data set; it starts from a model in use or from scratch.</source>
        <translation>尚无训练。训练需要冻结的数据集；可从在用模型开始或从头训练。</translation>
    </message>
    <message>
        <source>Go to the data sets</source>
        <translation>前往数据集</translation>
    </message>
    <message>
        <source>In use, {0}</source>
        <translation>在用，{0}</translation>
    </message>
    <message>
        <source>Start model</source>
        <translation>起始模型</translation>
    </message>
    <message>
        <source>Show its comparison</source>
        <translation>显示其比较</translation>
    </message>
    <message>
        <source>Its curves, its checkpoint and its candidate are deleted.</source>
        <translation>其曲线、检查点和候选模型将被删除。</translation>
    </message>
    <message>
        <source>A version that was promoted from it stays in the model library.</source>
        <translation>由它启用的版本仍留在模型库中。</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>移除 {0}</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Remove {0}?</source>
        <translation>移除 {0}？</translation>
    </message>
    <message>
        <source>{0}: no epoch has ended yet.</source>
        <extracomment>Room around the axes: left, top, bottom; the right side has room for the names of the lines. The plot is larger than the axes by this much, so that dots on an edge are whole. Tops of a loss axis, and floors of an AUC axis.</extracomment>
        <translation>{0}：尚无一轮结束。</translation>
    </message>
    <message>
        <source>{0} after epoch {1} of {2}: {3}.</source>
        <translation>{2} 轮中第 {1} 轮后{0}：{3}。</translation>
    </message>
    <message>
        <source>The best epoch so far is {0}.</source>
        <translation>目前最佳轮次为第 {0} 轮。</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮</translation>
    </message>
    <message>
        <source>best, epoch {0}</source>
        <translation>最佳，第 {0} 轮</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>lower is better</source>
        <translation>越低越好</translation>
    </message>
    <message>
        <source>AUC on validation</source>
        <translation>验证 AUC</translation>
    </message>
    <message>
        <source>higher is better</source>
        <translation>越高越好</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>This run</source>
        <translation>此运行</translation>
    </message>
    <message>
        <source>Waiting</source>
        <extracomment>States in which it is not over.</extracomment>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Training on this computer</source>
        <translation>正在此计算机上训练</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>It begins when the training before it has ended.</source>
        <translation>前一个训练结束后开始。</translation>
    </message>
    <message>
        <source>It waits where it is. Nothing is lost.</source>
        <translation>它在原处等待。没有丢失任何内容。</translation>
    </message>
    <message>
        <source>It was stopped before an epoch was judged, so there is no model.</source>
        <translation>它在评判任何一轮之前就被停止，因此没有模型。</translation>
    </message>
    <message>
        <source>medviewer was closed in the middle of it. It goes on from its last checkpoint.</source>
        <translation>中途关闭了 medviewer。可从最近的检查点继续。</translation>
    </message>
    <message>
        <source>The candidate is ready. It is not in use before it was compared.</source>
        <translation>候选模型已就绪。比较之前不会投入使用。</translation>
    </message>
    <message>
        <source>The training ended without a word.</source>
        <translation>训练无声地结束了。</translation>
    </message>
    <message>
        <source>The time left is known after the first epoch. Reading studies stays first.</source>
        <translation>第一轮之后才知道剩余时间。阅片优先。</translation>
    </message>
    <message>
        <source>About {0} left. Reading studies stays first.</source>
        <translation>约剩 {0}。阅片优先。</translation>
    </message>
    <message>
        <source>{0} epochs planned</source>
        <translation>计划 {0} 轮</translation>
    </message>
    <message>
        <source>Epoch {0} of {1}</source>
        <translation>第 {0} 轮，共 {1} 轮</translation>
    </message>
    <message>
        <source>step {0} of {1}</source>
        <translation>第 {0} 步，共 {1} 步</translation>
    </message>
    <message>
        <source>Run {0}</source>
        <translation>运行 {0}</translation>
    </message>
    <message>
        <source>epoch {0}</source>
        <translation>第 {0} 轮</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>尚无</translation>
    </message>
    <message>
        <source>RUNS</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>Best AUC on validation</source>
        <translation>最佳验证 AUC</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>开始时间</translation>
    </message>
    <message>
        <source>Training runs</source>
        <translation>训练运行</translation>
    </message>
    <message>
        <source>everything</source>
        <extracomment>A run in one of these is being trained by what was set up.</extracomment>
        <translation>全部</translation>
    </message>
    <message>
        <source>only the last layer</source>
        <translation>仅最后一层</translation>
    </message>
    <message>
        <source>all but the first stage</source>
        <translation>除第一级外全部</translation>
    </message>
    <message>
        <source>all but the first {0} stages</source>
        <translation>除前 {0} 级外全部</translation>
    </message>
    <message>
        <source>{0}, from scratch</source>
        <translation>{0}，从头训练</translation>
    </message>
    <message>
        <source>not here any more</source>
        <translation>已不在</translation>
    </message>
    <message>
        <source>{0}, version {1}</source>
        <translation>{0}，版本 {1}</translation>
    </message>
    <message>
        <source>Data set</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>{0} from {1} patients</source>
        <translation>{1} 位患者的 {0}</translation>
    </message>
    <message>
        <source>Positive</source>
        <translation>阳性</translation>
    </message>
    <message>
        <source>{0} ({1} %)</source>
        <translation>{0}（{1} %）</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>划分</translation>
    </message>
    <message>
        <source>by patient, {0}</source>
        <translation>按患者，{0}</translation>
    </message>
    <message>
        <source>after {0} epochs without gain</source>
        <translation>{0} 轮无提高后</translation>
    </message>
    <message>
        <source>as rare as they are</source>
        <translation>按实际比例</translation>
    </message>
    <message>
        <source>equal</source>
        <translation>相等</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>What learns</source>
        <translation>参与学习的部分</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Class weights</source>
        <translation>类别权重</translation>
    </message>
    <message>
        <source>Mixup</source>
        <translation>Mixup</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Stops early</source>
        <translation>提前停止</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Run set-up</source>
        <translation>运行设置</translation>
    </message>
    <message>
        <source>fixed while it runs</source>
        <translation>运行时固定</translation>
    </message>
    <message>
        <source>Starts from</source>
        <translation>起始于</translation>
    </message>
</context>
<context>
    <name>Viewport</name>
    <message>
        <source>Cine {0} per s</source>
        <translation>电影播放 每秒 {0} 幅</translation>
    </message>
    <message>
        <source>, reached {0}</source>
        <translation>，实际 {0}</translation>
    </message>
    <message>
        <source>Name hidden</source>
        <extracomment>Warnings that the full texts carry at their own place: the ruler, and the compression at the bottom right.</extracomment>
        <translation>姓名已隐藏</translation>
    </message>
    <message>
        <source>born {0}</source>
        <translation>出生于 {0}</translation>
    </message>
    <message>
        <source>Picture file, no patient data</source>
        <translation>图片文件，无患者信息</translation>
    </message>
    <message>
        <source>Image {0} / {1}</source>
        <translation>图像 {0} / {1}</translation>
    </message>
    <message>
        <source>loading image {0}</source>
        <translation>正在载入第 {0} 幅</translation>
    </message>
    <message>
        <source>Loc {0} mm</source>
        <translation>位置 {0} mm</translation>
    </message>
    <message>
        <source>Series {0}</source>
        <translation>序列 {0}</translation>
    </message>
    <message>
        <source>left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>right</source>
        <translation>右</translation>
    </message>
    <message>
        <source>View {0}</source>
        <translation>体位 {0}</translation>
    </message>
    <message>
        <source>table of the file</source>
        <translation>文件查找表</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>inverted</source>
        <translation>已反转</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>彩色</translation>
    </message>
    <message>
        <source>outside the image</source>
        <translation>图像之外</translation>
    </message>
    <message>
        <source>padding</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>no value</source>
        <translation>无数值</translation>
    </message>
    <message>
        <source>value {0}</source>
        <translation>数值 {0}</translation>
    </message>
    <message>
        <source>Zoom {0} %</source>
        <translation>缩放 {0} %</translation>
    </message>
    <message>
        <source>1:1</source>
        <translation>1:1</translation>
    </message>
    <message>
        <source>pixels not square</source>
        <translation>像素非正方形</translation>
    </message>
    <message>
        <source>flipped sideways</source>
        <translation>左右翻转</translation>
    </message>
    <message>
        <source>flipped upright</source>
        <translation>上下翻转</translation>
    </message>
    <message>
        <source>turned right</source>
        <translation>右转</translation>
    </message>
    <message>
        <source>turned left</source>
        <translation>左转</translation>
    </message>
    <message>
        <source>turned by 180°</source>
        <translation>旋转 180°</translation>
    </message>
    <message>
        <source>Thickness {0} mm</source>
        <translation>层厚 {0} mm</translation>
    </message>
    <message>
        <source>every {0} mm</source>
        <translation>间隔 {0} mm</translation>
    </message>
    <message>
        <source>Lossy {0}:1</source>
        <translation>有损 {0}:1</translation>
    </message>
    <message>
        <source>Lossy</source>
        <translation>有损</translation>
    </message>
    <message>
        <source>Lossless</source>
        <translation>无损</translation>
    </message>
    <message>
        <source>pixels not smoothed</source>
        <translation>像素未平滑</translation>
    </message>
    <message>
        <source>Not for diagnostic use</source>
        <translation>不可用于诊断</translation>
    </message>
    <message>
        <source>Synthetic, no patient</source>
        <translation>合成图像，无患者</translation>
    </message>
    <message>
        <source>at detector</source>
        <translation>探测器处</translation>
    </message>
    <message>
        <source>calibrated</source>
        <translation>已校准</translation>
    </message>
    <message>
        <source>nominal</source>
        <translation>标称</translation>
    </message>
    <message>
        <source>prior</source>
        <translation>既往</translation>
    </message>
    <message>
        <source>prior, {0} d</source>
        <translation>既往，{0} 天前</translation>
    </message>
    <message>
        <source>prior, {0} months</source>
        <translation>既往，{0} 个月前</translation>
    </message>
    <message>
        <source>prior, {0} years</source>
        <translation>既往，{0} 年前</translation>
    </message>
    <message>
        <source>Explanation is for slice {0}</source>
        <translation>解释属于第 {0} 层</translation>
    </message>
    <message>
        <source>still refining</source>
        <translation>仍在细化</translation>
    </message>
    <message>
        <source>{0}, slice {1}</source>
        <translation>{0}，第 {1} 层</translation>
    </message>
    <message>
        <source>highest place, slice {0}</source>
        <translation>最高处，第 {0} 层</translation>
    </message>
    <message>
        <source>{0}: score {1}</source>
        <translation>{0}：评分 {1}</translation>
    </message>
    <message>
        <source>baseline {0}</source>
        <translation>基线 {0}</translation>
    </message>
    <message>
        <source>AI, unverified</source>
        <translation>AI 结果，未经核实</translation>
    </message>
    <message>
        <source>hatched: not seen by the model</source>
        <translation>斜线区：模型未看到</translation>
    </message>
    <message>
        <source>and more in the series list</source>
        <extracomment>Half the width kept free for the orientation letter at the middle of an edge. Viewports smaller than this carry the short set only. Shifts that together make an outline of 1.5 px on every side.</extracomment>
        <translation>更多见序列列表</translation>
    </message>
    <message>
        <source>Loading image {0}</source>
        <translation>正在载入第 {0} 幅图像</translation>
    </message>
    <message>
        <source>Drag a series here from the left</source>
        <translation>从左侧将序列拖到此处</translation>
    </message>
    <message>
        <source>Drop a study here, or press Ctrl+O</source>
        <translation>将检查拖放到此处，或按 Ctrl+O</translation>
    </message>
    <message>
        <source>A folder, a ZIP or DICOM files</source>
        <translation>文件夹、ZIP 或 DICOM 文件</translation>
    </message>
    <message>
        <source>Image {0} cannot be shown</source>
        <translation>第 {0} 幅图像无法显示</translation>
    </message>
    <message>
        <source>Turn the wheel for the other images.</source>
        <translation>滚动滚轮查看其他图像。</translation>
    </message>
    <message>
        <source>Release to show the series here</source>
        <translation>松开即在此显示该序列</translation>
    </message>
    <message>
        <source>Empty viewport</source>
        <extracomment>How many pictures a running loop wishes for ahead of need.</extracomment>
        <translation>空视口</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>轴位</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>冠状位</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>矢状位</translation>
    </message>
    <message>
        <source>Oblique</source>
        <translation>斜位</translation>
    </message>
    <message>
        <source>image {0} of {1}</source>
        <translation>第 {0} 幅，共 {1} 幅</translation>
    </message>
    <message>
        <source>window {0}</source>
        <translation>窗 {0}</translation>
    </message>
    <message>
        <source>this image cannot be shown</source>
        <translation>此图像无法显示</translation>
    </message>
    <message>
        <source>not evaluated by AI</source>
        <translation>AI 未评估</translation>
    </message>
    <message>
        <source>AI score {0} unverified</source>
        <translation>AI 评分 {0}，未经核实</translation>
    </message>
    <message>
        <source>{0} cm</source>
        <translation>{0} cm</translation>
    </message>
    <message>
        <source>{0} mm</source>
        <translation>{0} mm</translation>
    </message>
    <message>
        <source>no size in the file</source>
        <translation>文件中无尺寸</translation>
    </message>
    <message>
        <source>for</source>
        <translation>支持</translation>
    </message>
    <message>
        <source>more</source>
        <translation>多</translation>
    </message>
    <message>
        <source>against</source>
        <translation>反对</translation>
    </message>
    <message>
        <source>less</source>
        <translation>少</translation>
    </message>
</context>
<context>
    <name>Watch</name>
    <message>
        <source>model in use, {0}</source>
        <extracomment>Rows of a card, in this order.</extracomment>
        <translation>在用模型，{0}</translation>
    </message>
    <message>
        <source>Too few cases to tell anything yet. Opinions and analyses fill this by themselves.</source>
        <translation>病例太少，尚无法判断。意见和分析会自动填充这里。</translation>
    </message>
    <message>
        <source>Nothing stands out. Too few cases yet for: {0}.</source>
        <translation>没有异常。以下病例太少：{0}。</translation>
    </message>
    <message>
        <source>Nothing stands out in the last {0} weeks.</source>
        <translation>最近 {0} 周没有异常。</translation>
    </message>
    <message>
        <source>The last {0} weeks, from what the library holds</source>
        <translation>最近 {0} 周，来自资料库</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>监测</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>再看一次</translation>
    </message>
    <message>
        <source>Looking at the last weeks</source>
        <translation>正在查看最近几周</translation>
    </message>
    <message>
        <source>No model is in use, so there is nothing to watch.</source>
        <translation>没有在用模型，因此没有可监测的内容。</translation>
    </message>
    <message>
        <source>Readers agree</source>
        <extracomment>Axes of a share, the narrow ones first, and tops of a drift&apos;s axis. Word -&gt; (icon, tone) of its chip.</extracomment>
        <translation>阅片者同意</translation>
    </message>
    <message>
        <source>Scores drift</source>
        <translation>评分漂移</translation>
    </message>
    <message>
        <source>Not evaluated</source>
        <translation>未评估</translation>
    </message>
    <message>
        <source>no band yet</source>
        <translation>尚无预期范围</translation>
    </message>
    <message>
        <source>expected below {0}</source>
        <translation>预期低于 {0}</translation>
    </message>
    <message>
        <source>expected above {0}</source>
        <translation>预期高于 {0}</translation>
    </message>
    <message>
        <source>expected {0} to {1}</source>
        <translation>预期 {0} 至 {1}</translation>
    </message>
    <message>
        <source>as expected</source>
        <translation>符合预期</translation>
    </message>
    <message>
        <source>outside</source>
        <translation>超出</translation>
    </message>
    <message>
        <source>too few to tell</source>
        <translation>太少，无法判断</translation>
    </message>
    <message>
        <source>{0} in the week of {1}, {2} cases</source>
        <translation>{1} 当周 {0}，{2} 例</translation>
    </message>
</context>
<context>
    <name>Worklist</name>
    <message>
        <source>AI hidden</source>
        <extracomment>Modalities whose images are called slices.</extracomment>
        <translation>AI 已隐藏</translation>
    </message>
    <message>
        <source>AI reading</source>
        <translation>AI 阅读中</translation>
    </message>
    <message>
        <source>Waiting for AI</source>
        <translation>等待 AI</translation>
    </message>
    <message>
        <source>AI failed</source>
        <translation>AI 失败</translation>
    </message>
    <message>
        <source>Not evaluated</source>
        <translation>未评估</translation>
    </message>
    <message>
        <source>No model was asked.</source>
        <translation>未让任何模型阅读。</translation>
    </message>
    <message>
        <source>so far, {0} of {1} slices</source>
        <translation>目前 {0} / {1} 层</translation>
    </message>
    <message>
        <source>so far, {0} of {1} images</source>
        <translation>目前 {0} / {1} 幅</translation>
    </message>
    <message>
        <source>Files came after it was read.</source>
        <translation>阅读之后又有文件到达。</translation>
    </message>
    <message>
        <source>probability above {0}</source>
        <translation>概率高于 {0}</translation>
    </message>
    <message>
        <source>probability below {0}</source>
        <translation>概率低于 {0}</translation>
    </message>
    <message>
        <source>above the point {0}</source>
        <translation>高于阈值 {0}</translation>
    </message>
    <message>
        <source>below the point {0}</source>
        <translation>低于阈值 {0}</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>号</translation>
    </message>
    <message>
        <source>Urgency</source>
        <extracomment>Opinion commands -&gt; the verdict that each gives (None: a note).
----------
Commands of a row&apos;s menu; &quot;&quot; is a divider, URGENCY the menu of the three urgencies.</extracomment>
        <translation>紧急程度</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>患者</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>已等待</translation>
    </message>
    <message>
        <source>AI score, unverified</source>
        <translation>AI 评分，未经核实</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>move with the keyboard</source>
        <translation>用键盘移动</translation>
    </message>
    <message>
        <source>Moving 1 study.</source>
        <translation>正在移动 1 个检查。</translation>
    </message>
    <message>
        <source>Release to place it first. Esc puts it back.</source>
        <translation>松开即放到第 1 位。按 Esc 放回原处。</translation>
    </message>
    <message>
        <source>Release to place it second. Esc puts it back.</source>
        <translation>松开即放到第 2 位。按 Esc 放回原处。</translation>
    </message>
    <message>
        <source>Release to place it third. Esc puts it back.</source>
        <translation>松开即放到第 3 位。按 Esc 放回原处。</translation>
    </message>
    <message>
        <source>Release to place it fourth. Esc puts it back.</source>
        <translation>松开即放到第 4 位。按 Esc 放回原处。</translation>
    </message>
    <message>
        <source>Release to place it fifth. Esc puts it back.</source>
        <translation>松开即放到第 5 位。按 Esc 放回原处。</translation>
    </message>
    <message>
        <source>Release to put it in place {0}. Esc puts it back.</source>
        <translation>松开即放到第 {0} 位。按 Esc 放回原处。</translation>
    </message>
    <message>
        <source>AI scores of {0} of {1} images, unverified; the highest is {2} at image {3}</source>
        <extracomment>Space around the axes: left, top, right, bottom.</extracomment>
        <translation>{1} 幅图像中 {0} 幅的 AI 评分，未经核实；最高为 {2}，在第 {3} 幅</translation>
    </message>
    <message>
        <source>not evaluated</source>
        <translation>未评估</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>未阅读</translation>
    </message>
    <message>
        <source>The chosen study</source>
        <translation>所选检查</translation>
    </message>
    <message>
        <source>Choose a study to see it here.</source>
        <translation>选择一个检查即可在此查看。</translation>
    </message>
    <message>
        <source>WHY IT IS PLACED THERE</source>
        <translation>为何排在此处</translation>
    </message>
    <message>
        <source>Urgency: {0}</source>
        <translation>紧急程度：{0}</translation>
    </message>
    <message>
        <source>Open study</source>
        <translation>打开检查</translation>
    </message>
    <message>
        <source>Assign to me</source>
        <translation>分配给我</translation>
    </message>
    <message>
        <source>Mark as read</source>
        <translation>标为已阅</translation>
    </message>
    <message>
        <source>YOUR OPINION</source>
        <translation>您的意见</translation>
    </message>
    <message>
        <source>Give back</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>Mark as unread</source>
        <translation>标为未阅</translation>
    </message>
    <message>
        <source>Your reading first: is it there?</source>
        <translation>请先给出您的判断：有没有？</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>AI, unverified</source>
        <extracomment>Items of one section that are listed; the rest is counted.</extracomment>
        <translation>AI 结果，未经核实</translation>
    </message>
    <message>
        <source>SCORE ALONG THE STACK</source>
        <translation>逐层评分</translation>
    </message>
    <message>
        <source>{0} of {1} images read by {2}.</source>
        <translation>{2} 已阅读 {1} 幅图像中的 {0} 幅。</translation>
    </message>
    <message>
        <source>AI FINDINGS</source>
        <translation>AI 发现</translation>
    </message>
    <message>
        <source>{0}, image {1}</source>
        <translation>{0}，第 {1} 幅</translation>
    </message>
    <message>
        <source>{0}, whole image</source>
        <translation>{0}，整幅图像</translation>
    </message>
    <message>
        <source>OPINIONS SO FAR</source>
        <translation>已有意见</translation>
    </message>
    <message>
        <source>EARLIER STUDIES</source>
        <translation>既往检查</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>已阅</translation>
    </message>
    <message>
        <source>Unread</source>
        <translation>未阅</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>另有 {0} 个</translation>
    </message>
    <message>
        <source>Order</source>
        <extracomment>Below this width only the button says and changes the order.</extracomment>
        <translation>排序</translation>
    </message>
    <message>
        <source>Order of the list</source>
        <translation>列表排序</translation>
    </message>
    <message>
        <source>Urgency, AI score, waiting time</source>
        <translation>紧急程度、AI 评分、等待时间</translation>
    </message>
    <message>
        <source>Arrival</source>
        <translation>到达顺序</translation>
    </message>
    <message>
        <source>More for this list</source>
        <translation>此列表的更多操作</translation>
    </message>
    <message>
        <source>Use urgency and AI score</source>
        <translation>按紧急程度和 AI 评分</translation>
    </message>
    <message>
        <source>Use plain arrival order</source>
        <translation>仅按到达顺序</translation>
    </message>
    <message>
        <source>Newest first.</source>
        <translation>最新的在前。</translation>
    </message>
    <message>
        <source>Plain order of arrival. Neither urgency nor AI has a part in it.</source>
        <translation>仅按到达顺序。与紧急程度和 AI 无关。</translation>
    </message>
    <message>
        <source>The order is a suggestion. The AI can move a study up, never down. Drag a row to move it: it keeps its place and shows a pin.</source>
        <translation>此顺序仅为建议。AI 只能让检查上移，从不下移。拖动一行可移动它：它将固定在该位置并显示图钉。</translation>
    </message>
    <message>
        <source>Show ({0})</source>
        <translation>显示（{0}）</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>1 new study</source>
        <translation>1 个新检查</translation>
    </message>
    <message>
        <source>{0} new studies</source>
        <translation>{0} 个新检查</translation>
    </message>
    <message>
        <source>{0} moved</source>
        <translation>{0} 个位置有变</translation>
    </message>
    <message>
        <source>1 study</source>
        <translation>1 个检查</translation>
    </message>
    <message>
        <source>{0} studies</source>
        <translation>{0} 个检查</translation>
    </message>
    <message>
        <source>Watch a folder</source>
        <translation>监视文件夹</translation>
    </message>
    <message>
        <source>Watching {0}</source>
        <translation>正在监视 {0}</translation>
    </message>
    <message>
        <source>Click to stop watching</source>
        <translation>单击停止监视</translation>
    </message>
    <message>
        <source>{0}, loading</source>
        <translation>{0}，正在载入</translation>
    </message>
    <message>
        <source>Show {0}, {1} studies</source>
        <extracomment>Heights of an entry, of one in the narrow column, of a tick, and of the drop zone.</extracomment>
        <translation>显示 {0}，{1} 个检查</translation>
    </message>
    <message>
        <source>Drop DICOM files, pictures or a folder</source>
        <translation>拖放 DICOM 文件、图片或文件夹</translation>
    </message>
    <message>
        <source>They stay where they are, on this computer</source>
        <translation>它们留在本机原处</translation>
    </message>
    <message>
        <source>Drop files here, or click to choose them</source>
        <translation>将文件拖放到此处，或单击选择</translation>
    </message>
    <message>
        <source>Worklist</source>
        <extracomment>Below this width of the window the left column folds and the detail is an overlay. A window may always become this small: it folds when it has. Modules of this page, those first that others need: each is imported in a turn of its own.</extracomment>
        <translation>工作列表</translation>
    </message>
    <message>
        <source>moving</source>
        <extracomment>Size of the score bar, and room beside it for the number and for words (fewer than that say nothing). Rows whose words are kept.</extracomment>
        <translation>移动中</translation>
    </message>
    <message>
        <source>{0} key images</source>
        <translation>{0} 幅关键图像</translation>
    </message>
    <message>
        <source>Key images are loading</source>
        <translation>正在载入关键图像</translation>
    </message>
    <message>
        <source>No picture of this study can be shown.</source>
        <translation>无法显示此检查的图像。</translation>
    </message>
    <message>
        <source>Reason {0}: {1}</source>
        <translation>理由 {0}：{1}</translation>
    </message>
    <message>
        <source>Search</source>
        <extracomment>Keys that belong to the field while it has the keyboard, whatever they do elsewhere.</extracomment>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search in patient, study, findings and notes</source>
        <translation>在患者、检查、发现和备注中搜索</translation>
    </message>
    <message>
        <source>Lists and filters</source>
        <extracomment>List -&gt; icon and its colour.</extracomment>
        <translation>列表与筛选</translation>
    </message>
    <message>
        <source>LISTS</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>SHOW</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Show only some modalities</source>
        <translation>只显示部分设备类型</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>一致情况</translation>
    </message>
    <message>
        <source>Without modality</source>
        <translation>无设备类型</translation>
    </message>
    <message>
        <source>1 file left out. Show it</source>
        <translation>略过了 1 个文件。查看</translation>
    </message>
    <message>
        <source>{0} files left out. Show them</source>
        <translation>略过了 {0} 个文件。查看</translation>
    </message>
    <message>
        <source>{0} left out</source>
        <translation>略过 {0} 个</translation>
    </message>
    <message>
        <source>Open in the reader</source>
        <translation>已打开</translation>
    </message>
    <message>
        <source>moved by you</source>
        <translation>由您移动</translation>
    </message>
    <message>
        <source>moved by {0}</source>
        <translation>由 {0} 移动</translation>
    </message>
    <message>
        <source>assigned to you</source>
        <translation>已分配给您</translation>
    </message>
    <message>
        <source>assigned to {0}</source>
        <translation>已分配给 {0}</translation>
    </message>
    <message>
        <source>another reader</source>
        <translation>另一位阅片者</translation>
    </message>
    <message>
        <source>Read by you</source>
        <translation>您已阅</translation>
    </message>
    <message>
        <source>Read by {0}</source>
        <translation>{0} 已阅</translation>
    </message>
    <message>
        <source>You agree</source>
        <translation>您同意</translation>
    </message>
    <message>
        <source>{0} agrees</source>
        <translation>{0} 同意</translation>
    </message>
    <message>
        <source>You disagree</source>
        <translation>您不同意</translation>
    </message>
    <message>
        <source>{0} disagrees</source>
        <translation>{0} 不同意</translation>
    </message>
    <message>
        <source>You are unsure</source>
        <translation>您不确定</translation>
    </message>
    <message>
        <source>{0} is unsure</source>
        <translation>{0} 不确定</translation>
    </message>
    <message>
        <source>You say: {1}</source>
        <translation>您认为：{1}</translation>
    </message>
    <message>
        <source>{0} says: {1}</source>
        <translation>{0} 认为：{1}</translation>
    </message>
    <message>
        <source>A reader</source>
        <translation>一位阅片者</translation>
    </message>
    <message>
        <source>AI score {0} unverified</source>
        <translation>AI 评分 {0}，未经核实</translation>
    </message>
    <message>
        <source>waiting {0}</source>
        <translation>已等待 {0}</translation>
    </message>
    <message>
        <source>Images can still be opened in the reader. The list comes back by itself.</source>
        <extracomment>Words about loading come only if it takes longer than this.</extracomment>
        <translation>仍可在阅片中打开图像。列表会自动恢复。</translation>
    </message>
    <message>
        <source>Open files in the reader</source>
        <translation>在阅片中打开文件</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>No study fits these filters.</source>
        <translation>没有符合筛选条件的检查。</translation>
    </message>
    <message>
        <source>Drop a folder, a ZIP, DICOM files or pictures here</source>
        <translation>将文件夹、ZIP、DICOM 文件或图片拖放到此处</translation>
    </message>
    <message>
        <source>They stay where they are, on this computer.</source>
        <translation>它们留在本机原处。</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Choose files</source>
        <translation>选择文件</translation>
    </message>
    <message>
        <source>Nothing unread. {0} read today.</source>
        <translation>没有未阅的检查。今日已阅 {0} 个。</translation>
    </message>
    <message>
        <source>No unread study has a score above the operating point.</source>
        <translation>没有评分高于工作阈值的未阅检查。</translation>
    </message>
    <message>
        <source>The AI has evaluated every unread study.</source>
        <translation>所有未阅检查均已由 AI 评估。</translation>
    </message>
    <message>
        <source>The AI has failed on no unread study.</source>
        <translation>没有 AI 阅读失败的未阅检查。</translation>
    </message>
    <message>
        <source>Nothing is assigned to you.</source>
        <translation>没有分配给您的检查。</translation>
    </message>
    <message>
        <source>Nothing was read today.</source>
        <translation>今日尚未阅片。</translation>
    </message>
    <message>
        <source>No study here.</source>
        <translation>这里没有检查。</translation>
    </message>
    <message>
        <source>The list is loading</source>
        <translation>正在载入列表</translation>
    </message>
    <message>
        <source>Studies</source>
        <extracomment>Rows are painted whole; the style adds nothing, not even to the chosen one. The ground is opaque, so that what lies under the list need not be painted with every row. Commands after which the list is scrolled to the study that moved, not held where it was.</extracomment>
        <translation>检查</translation>
    </message>
    <message>
        <source>Came in at {0}</source>
        <translation>到达时间 {0}</translation>
    </message>
    <message>
        <source>Name hidden</source>
        <translation>姓名已隐藏</translation>
    </message>
    <message>
        <source>Film</source>
        <translation>胶片</translation>
    </message>
    <message>
        <source>No header</source>
        <translation>无文件头</translation>
    </message>
    <message>
        <source>No name in the file</source>
        <translation>文件中无姓名</translation>
    </message>
    <message>
        <source>Film without header</source>
        <translation>无文件头的胶片</translation>
    </message>
    <message>
        <source>{0} study</source>
        <translation>{0} 检查</translation>
    </message>
    <message>
        <source>Study without description</source>
        <translation>无描述的检查</translation>
    </message>
    <message>
        <source>STAT</source>
        <translation>特急</translation>
    </message>
    <message>
        <source>Urgent</source>
        <translation>紧急</translation>
    </message>
    <message>
        <source>Routine</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>{0} days {1} h</source>
        <translation>{0} 天 {1} 小时</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 小时 {1} 分</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
</context>
<context>
    <name>app</name>
    <message>
        <source>medviewer may not write into its own folder: settings, lists and what is open hold until it ends.</source>
        <translation>medviewer 无法写入自己的文件夹：设置、列表和打开的内容仅保留到程序结束。</translation>
    </message>
    <message>
        <source>The disk with medviewer's own folder is full: settings, lists and what is open hold until it ends.</source>
        <translation>medviewer 自己的文件夹所在磁盘已满：设置、列表和打开的内容仅保留到程序结束。</translation>
    </message>
    <message>
        <source>Opening again what was open</source>
        <translation>正在重新打开之前的内容</translation>
    </message>
    <message>
        <source>Saving a report</source>
        <translation>正在保存报告</translation>
    </message>
    <message>
        <source>Offer what was open after a crash</source>
        <translation>意外结束后可重新打开</translation>
    </message>
    <message>
        <source>Notes which studies are open and notes that are being written, for you alone, until the program ends.</source>
        <translation>记录打开的检查和正在写的备注，仅供您本人使用，直到程序结束。</translation>
    </message>
    <message>
        <source>Its time of arrival lies ahead of the clock.</source>
        <translation>其到达时间晚于时钟。</translation>
    </message>
    <message>
        <source>Its time of arrival lies ahead of the clock, so it goes to the top of its class.</source>
        <translation>其到达时间晚于时钟，因此升到同级的最前面。</translation>
    </message>
    <message>
        <source>Reading {0} with {1}</source>
        <translation>用“{1}”阅读 {0}</translation>
    </message>
    <message>
        <source>Explaining slice {0} with {1}</source>
        <translation>用 {1} 解释第 {0} 层</translation>
    </message>
    <message>
        <source>Reading {0} files</source>
        <translation>正在读取 {0} 个文件</translation>
    </message>
    <message>
        <source>Reading files</source>
        <translation>正在读取文件</translation>
    </message>
    <message>
        <source>Preparing the demonstration study</source>
        <translation>正在准备演示检查</translation>
    </message>
    <message>
        <source>Preparing {0}</source>
        <translation>正在准备{0}</translation>
    </message>
    <message>
        <source>Something went wrong inside medviewer; the details are in the log.</source>
        <translation>medviewer 内部出错，详情见日志。</translation>
    </message>
    <message>
        <source>The chosen folder does not allow writing; choose another one.</source>
        <translation>所选文件夹不可写入，请另选一个。</translation>
    </message>
    <message>
        <source>The disk is full; free some space and try again.</source>
        <translation>磁盘已满，请腾出空间后再试。</translation>
    </message>
    <message>
        <source>There is not enough memory for this; close other studies and try again.</source>
        <translation>内存不足，请关闭其他检查后再试。</translation>
    </message>
    <message>
        <source>The program is closing.</source>
        <translation>程序正在关闭。</translation>
    </message>
    <message>
        <source>medviewer is closing.</source>
        <translation>medviewer 正在关闭。</translation>
    </message>
    <message>
        <source>This image could not be shown because of a fault in medviewer.</source>
        <translation>由于 medviewer 的故障，此图像无法显示。</translation>
    </message>
    <message>
        <source>There is no file to open in {0}.</source>
        <translation>{0} 中没有可打开的文件。</translation>
    </message>
    <message>
        <source>There is no image to open in {0}: its {1} files {2}.</source>
        <translation>{0} 中没有可打开的图像：其中 {1} 个文件{2}。</translation>
    </message>
    <message>
        <source>These files belong to {0} patients. They were kept apart.</source>
        <translation>这些文件属于 {0} 位患者，已分开。</translation>
    </message>
    <message>
        <source>{0} does not exist. Check the path.</source>
        <translation>{0} 不存在，请检查路径。</translation>
    </message>
    <message>
        <source>{0} of {1} files {2} and {3} left out.</source>
        <translation>{1} 个文件中有 {0} 个{2}，已略过。</translation>
    </message>
    <message>
        <source>is not DICOM</source>
        <translation>不是 DICOM</translation>
    </message>
    <message>
        <source>are not DICOM</source>
        <translation>不是 DICOM</translation>
    </message>
    <message>
        <source>holds no image</source>
        <translation>不含图像</translation>
    </message>
    <message>
        <source>hold no image</source>
        <translation>不含图像</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>uses a compression we cannot open</source>
        <translation>使用了无法打开的压缩方式</translation>
    </message>
    <message>
        <source>use a compression we cannot open</source>
        <translation>使用了无法打开的压缩方式</translation>
    </message>
    <message>
        <source>is too large</source>
        <translation>过大</translation>
    </message>
    <message>
        <source>are too large</source>
        <translation>过大</translation>
    </message>
    <message>
        <source>has a path that leads outside</source>
        <translation>路径指向外部</translation>
    </message>
    <message>
        <source>have a path that leads outside</source>
        <translation>路径指向外部</translation>
    </message>
    <message>
        <source>is not a regular file</source>
        <translation>不是普通文件</translation>
    </message>
    <message>
        <source>are not regular files</source>
        <translation>不是普通文件</translation>
    </message>
    <message>
        <source>is a document</source>
        <translation>是文档</translation>
    </message>
    <message>
        <source>are documents</source>
        <translation>是文档</translation>
    </message>
    <message>
        <source>is no image but describes one</source>
        <translation>不是图像，而是描述图像的文件</translation>
    </message>
    <message>
        <source>are no images but describe some</source>
        <translation>不是图像，而是描述图像的文件</translation>
    </message>
    <message>
        <source>cannot be shown</source>
        <translation>无法显示</translation>
    </message>
    <message>
        <source>cannot be used</source>
        <translation>无法使用</translation>
    </message>
    <message>
        <source>{0} has more than {1} files; the rest is left out.</source>
        <translation>{0} 包含超过 {1} 个文件，其余已略过。</translation>
    </message>
    <message>
        <source>{0} has no files in it.</source>
        <translation>{0} 中没有文件。</translation>
    </message>
    <message>
        <source>{0} is a link inside an archive; links are not followed.</source>
        <translation>{0} 是压缩包内的链接，不予跟随。</translation>
    </message>
    <message>
        <source>{0} is an archive inside an archive; unpack the outer one first.</source>
        <translation>{0} 是压缩包内的压缩包，请先解压外层。</translation>
    </message>
    <message>
        <source>{0} is damaged inside its archive.</source>
        <translation>{0} 在压缩包内已损坏。</translation>
    </message>
    <message>
        <source>{0} is encrypted inside its archive; unpack it with its password first.</source>
        <translation>{0} 在压缩包内已加密，请先用密码解压。</translation>
    </message>
    <message>
        <source>{0} is encrypted; unpack it with its password, then open the folder.</source>
        <translation>{0} 已加密，请先用密码解压，再打开文件夹。</translation>
    </message>
    <message>
        <source>{0} is larger than {1} GiB unpacked.</source>
        <translation>{0} 解压后大于 {1} GiB。</translation>
    </message>
    <message>
        <source>{0} is not a regular file inside its archive.</source>
        <translation>{0} 在压缩包内不是普通文件。</translation>
    </message>
    <message>
        <source>{0} is not a whole zip archive; ask the sender for it again.</source>
        <translation>{0} 不是完整的 ZIP 压缩包，请让发送方重新提供。</translation>
    </message>
    <message>
        <source>{0} was not read: stopped.</source>
        <translation>{0} 未读取：已停止。</translation>
    </message>
    <message>
        <source>The archive unpacks to more than fits here; what was read so far is kept.</source>
        <translation>压缩包解压后超出容量，已读取的部分保留。</translation>
    </message>
    <message>
        <source>{0} could not be opened.</source>
        <translation>{0} 无法打开。</translation>
    </message>
    <message>
        <source>{0} is larger than {1} GiB.</source>
        <translation>{0} 大于 {1} GiB。</translation>
    </message>
    <message>
        <source>{0} is no longer there.</source>
        <translation>{0} 已不存在。</translation>
    </message>
    <message>
        <source>{0} is not a regular file (a folder, pipe or device).</source>
        <translation>{0} 不是普通文件（是文件夹、管道或设备）。</translation>
    </message>
    <message>
        <source>{0} may not be read by this user; change its permissions.</source>
        <translation>当前用户无权读取 {0}，请更改权限。</translation>
    </message>
    <message>
        <source>{0} has more pixels than a film can have; it was not opened.</source>
        <translation>{0} 的像素数超过胶片上限，未打开。</translation>
    </message>
    <message>
        <source>{0} holds pixels of a kind that films do not have.</source>
        <translation>{0} 的像素类型不是胶片应有的类型。</translation>
    </message>
    <message>
        <source>{0} is damaged and cannot be opened as a film.</source>
        <translation>{0} 已损坏，无法作为胶片打开。</translation>
    </message>
    <message>
        <source>{0} is cut short before its pixels. Ask the sender for it again.</source>
        <translation>{0} 在像素之前被截断。请让发送方重新提供。</translation>
    </message>
    <message>
        <source>{0} is damaged: its header makes no sense. Ask the sender for it again.</source>
        <translation>{0} 已损坏：文件头无意义。请让发送方重新提供。</translation>
    </message>
    <message>
        <source>{0} is {1} without pixels.</source>
        <translation>{0} 是不含像素的{1}。</translation>
    </message>
    <message>
        <source>{0} is {1}, not an image.</source>
        <translation>{0} 是{1}，不是图像。</translation>
    </message>
    <message>
        <source>{0} is {1}, which is not shown as a picture of its own.</source>
        <translation>{0} 是{1}，不单独显示为图像。</translation>
    </message>
    <message>
        <source>{0} is {1}; open the folder it lies in.</source>
        <translation>{0} 是{1}，请打开其所在文件夹。</translation>
    </message>
    <message>
        <source>{0} uses a compression we cannot open ({1}). Ask the sender for another export.</source>
        <translation>{0} 使用了无法打开的压缩方式（{1}）。请让发送方另行导出。</translation>
    </message>
    <message>
        <source>{0} nests sequences more than {1} deep.</source>
        <translation>{0} 的序列嵌套超过 {1} 层。</translation>
    </message>
    <message>
        <source>{0} has a damaged file header.</source>
        <translation>{0} 的文件头已损坏。</translation>
    </message>
    <message>
        <source>{0} is cut short: only the first bytes of a DICOM file are there.</source>
        <translation>{0} 被截断：只有 DICOM 文件的开头。</translation>
    </message>
    <message>
        <source>{0} is empty.</source>
        <translation>{0} 是空文件。</translation>
    </message>
    <message>
        <source>{0} is not a DICOM image, nor a film (PNG, JPEG or TIFF).</source>
        <translation>{0} 既不是 DICOM 图像，也不是胶片（PNG、JPEG 或 TIFF）。</translation>
    </message>
    <message>
        <source>{0} unpacks to more than any image header needs; it was not read.</source>
        <translation>{0} 解压后超过任何图像文件头所需，未读取。</translation>
    </message>
    <message>
        <source>{0} lists {1} not on this medium.</source>
        <translation>{0} 列出了{1}，但介质上没有。</translation>
    </message>
    <message>
        <source>one file that is</source>
        <translation>一个文件</translation>
    </message>
    <message>
        <source>{0} files that are</source>
        <translation>{0} 个文件</translation>
    </message>
    <message>
        <source>The index {0} is damaged; the files beside it were opened without it.</source>
        <translation>索引 {0} 已损坏，未用索引直接打开了旁边的文件。</translation>
    </message>
    <message>
        <source>{0} cannot be read any more; it was moved or changed, or reading is not allowed.</source>
        <translation>{0}已无法读取：它被移动或更改，或不允许读取。</translation>
    </message>
    <message>
        <source>{0} has changed since it was opened; open it again.</source>
        <translation>{0}打开后已更改，请重新打开。</translation>
    </message>
    <message>
        <source>{0} has no picture.</source>
        <translation>{0}不含图像。</translation>
    </message>
    <message>
        <source>{0} is cut short and cannot be shown; copy the file again from where it came.</source>
        <translation>{0}被截断，无法显示；请从来源重新复制文件。</translation>
    </message>
    <message>
        <source>{0} is damaged and cannot be shown.</source>
        <translation>{0}已损坏，无法显示。</translation>
    </message>
    <message>
        <source>{0} is damaged and cannot be shown: decoding did not end.</source>
        <translation>{0}已损坏，无法显示：解码没有结束。</translation>
    </message>
    <message>
        <source>{0} is damaged and cannot be shown: the decoder stopped.</source>
        <translation>{0}已损坏，无法显示：解码器停止了。</translation>
    </message>
    <message>
        <source>{0} is stored in a way that medviewer cannot show ({1}).</source>
        <translation>{0}的存储方式 medviewer 无法显示（{1}）。</translation>
    </message>
    <message>
        <source>{0} is too large for the memory that reading may take.</source>
        <translation>{0}过大，超出读取可用的内存。</translation>
    </message>
    <message>
        <source>This file</source>
        <translation>此文件</translation>
    </message>
    <message>
        <source>This image</source>
        <translation>此图像</translation>
    </message>
    <message>
        <source>Image {0}</source>
        <translation>第 {0} 幅图像</translation>
    </message>
    <message>
        <source>image {0}</source>
        <translation>第 {0} 幅图像</translation>
    </message>
    <message>
        <source>Frame {0} of {1}</source>
        <translation>{1}的第 {0} 帧</translation>
    </message>
    <message>
        <source>A window narrower than 1 was read as LINEAR_EXACT.</source>
        <translation>小于 1 的窗宽按 LINEAR_EXACT 读取。</translation>
    </message>
    <message>
        <source>A window of this file makes no sense and was left out.</source>
        <translation>此文件的一个窗无意义，已略过。</translation>
    </message>
    <message>
        <source>Calibration unknown: lengths are in pixels.</source>
        <translation>校准未知：长度以像素计。</translation>
    </message>
    <message>
        <source>The first of {0} pages.</source>
        <translation>共 {0} 页中的第一页。</translation>
    </message>
    <message>
        <source>The files of this study name more than one patient; they are listed apart.</source>
        <translation>此检查的文件涉及多位患者，已分开列出。</translation>
    </message>
    <message>
        <source>A mosaic of many slices: its position is not used.</source>
        <translation>多层拼图：不使用其位置。</translation>
    </message>
    <message>
        <source>For processing: not meant for reading.</source>
        <translation>用于处理，不用于阅片。</translation>
    </message>
    <message>
        <source>The file asks for inverted greys although it is MONOCHROME2: shown inverted.</source>
        <translation>文件为 MONOCHROME2 却要求灰度反转：已反转显示。</translation>
    </message>
    <message>
        <source>Unknown kind of object: shown as plain images.</source>
        <translation>未知对象类型：按普通图像显示。</translation>
    </message>
    <message>
        <source>Not a valid DICOM file: read as {0}.</source>
        <translation>不是有效的 DICOM 文件：按{0}读取。</translation>
    </message>
    <message>
        <source>The file&apos;s header names another encoding than it is written in; read by its content.</source>
        <translation>文件头标明的编码与实际不符；已按内容读取。</translation>
    </message>
    <message>
        <source>The colours of the supplemental palette are not shown.</source>
        <translation>不显示附加调色板的颜色。</translation>
    </message>
    <message>
        <source>The file&apos;s own look-up table (VOI LUT) is damaged and was left out.</source>
        <translation>文件自带的查找表 (VOI LUT) 已损坏，已略过。</translation>
    </message>
    <message>
        <source>The pixels are compressed in another way than the header says.</source>
        <translation>像素的压缩方式与文件头不符。</translation>
    </message>
    <message>
        <source>Compressed with loss.</source>
        <translation>有损压缩。</translation>
    </message>
    <message>
        <source>Files carry the same image identifier but differ; all are shown.</source>
        <translation>多个文件的图像标识相同但内容不同，全部显示。</translation>
    </message>
    <message>
        <source>Lengths are at the detector, not in the patient.</source>
        <translation>长度为探测器处的长度，不是患者体内的长度。</translation>
    </message>
    <message>
        <source>No position in the file: the order was not verified.</source>
        <translation>文件中没有位置：顺序未经核实。</translation>
    </message>
    <message>
        <source>No spacing in the file: lengths are in pixels.</source>
        <translation>文件中没有像素间距：长度以像素计。</translation>
    </message>
    <message>
        <source>Slices are missing {0}: {1} mm where {2} mm was expected.</source>
        <translation>{0}缺少层面：应为 {2} mm，实为 {1} mm。</translation>
    </message>
    <message>
        <source>between {0} and {1}</source>
        <translation>{0} 与 {1} 之间</translation>
    </message>
    <message>
        <source>Slope and intercept differ between images; each image&apos;s own are used.</source>
        <translation>各图像的斜率和截距不同，分别使用各自的值。</translation>
    </message>
    <message>
        <source>Some text does not fit the declared character set; it may read wrong.</source>
        <translation>部分文字与所声明的字符集不符，可能显示有误。</translation>
    </message>
    <message>
        <source>The file ends before its pixels do.</source>
        <translation>文件在像素结束前就已结束。</translation>
    </message>
    <message>
        <source>The file says that text is burned into the picture.</source>
        <translation>文件表明图像中烧录有文字。</translation>
    </message>
    <message>
        <source>The files&apos; own numbers follow another order; the images are ordered by position.</source>
        <translation>文件自带的编号顺序不同；图像按位置排序。</translation>
    </message>
    <message>
        <source>The images store their pixels in different ways (bits, sign, unit).</source>
        <translation>各图像的像素存储方式不同（位数、符号、单位）。</translation>
    </message>
    <message>
        <source>The slices are shifted against each other; no volume is made of them.</source>
        <translation>各层相互错位，不生成体数据。</translation>
    </message>
    <message>
        <source>The spacing is not uniform at {0} more places.</source>
        <translation>另有 {0} 处层间距不均匀。</translation>
    </message>
    <message>
        <source>The spacing is not uniform {0}: {1} mm where {2} mm was expected.</source>
        <translation>{0}层间距不均匀：应为 {2} mm，实为 {1} mm。</translation>
    </message>
    <message>
        <source>The stack is sheared by {0} degrees (gantry tilt).</source>
        <translation>堆栈倾斜 {0} 度（机架倾斜）。</translation>
    </message>
    <message>
        <source>This series mixes orientations; each is a stack of its own.</source>
        <translation>此序列含多个方向，各成一个堆栈。</translation>
    </message>
    <message>
        <source>This series mixes pixel spacings; each is a stack of its own.</source>
        <translation>此序列含多种像素间距，各成一个堆栈。</translation>
    </message>
    <message>
        <source>All images lie at one place; they are ordered by {0}.</source>
        <translation>所有图像位于同一位置，按{0}排序。</translation>
    </message>
    <message>
        <source>Not evaluated.</source>
        <translation>未评估。</translation>
    </message>
    <message>
        <source>Cannot tell whether the model fits.</source>
        <translation>无法判断模型是否适用。</translation>
    </message>
    <message>
        <source>The header does not say the {0}.</source>
        <translation>文件头没有说明{0}。</translation>
    </message>
    <message>
        <source>This film has no header, so its {0} is not known.</source>
        <translation>此胶片没有文件头，因此{0}未知。</translation>
    </message>
    <message>
        <source>Confirm that it is {0}.</source>
        <translation>请确认其为 {0}。</translation>
    </message>
    <message>
        <source>The model needs {0}.</source>
        <translation>模型需要 {0}。</translation>
    </message>
    <message>
        <source>The model needs the {0} {1}; {2}.</source>
        <translation>模型需要{0}为 {1}；{2}。</translation>
    </message>
    <message>
        <source>The model needs {0}; these are {1}.</source>
        <translation>模型需要 {0}；当前为 {1}。</translation>
    </message>
    <message>
        <source>this is {0}</source>
        <translation>当前为 {0}</translation>
    </message>
    <message>
        <source>these are {0}</source>
        <translation>当前为 {0}</translation>
    </message>
    <message>
        <source>This is {0} pixels, large enough (at least {1}).</source>
        <translation>图像为 {0} 像素，足够大（至少 {1}）。</translation>
    </message>
    <message>
        <source>This is {0} pixels, smaller than the model can read (at least {1}).</source>
        <translation>图像为 {0} 像素，小于模型可阅读的大小（至少 {1}）。</translation>
    </message>
    <message>
        <source>The model does not read {0} images; {1}.</source>
        <translation>模型不阅读 {0} 图像；{1}。</translation>
    </message>
    <message>
        <source>this is marked {0}</source>
        <translation>当前标记为 {0}</translation>
    </message>
    <message>
        <source>this is not one</source>
        <translation>当前不是</translation>
    </message>
    <message>
        <source>modality</source>
        <translation>设备类型</translation>
    </message>
    <message>
        <source>body part</source>
        <translation>检查部位</translation>
    </message>
    <message>
        <source>plane</source>
        <translation>平面</translation>
    </message>
    <message>
        <source>unit</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>photometric interpretation</source>
        <translation>光度解释</translation>
    </message>
    <message>
        <source>view position</source>
        <translation>投照体位</translation>
    </message>
    <message>
        <source>slice thickness</source>
        <translation>层厚</translation>
    </message>
    <message>
        <source>pixel size</source>
        <translation>像素大小</translation>
    </message>
    <message>
        <source>age</source>
        <translation>年龄</translation>
    </message>
    <message>
        <source>image type</source>
        <translation>图像类型</translation>
    </message>
    <message>
        <source>axial</source>
        <translation>轴位</translation>
    </message>
    <message>
        <source>coronal</source>
        <translation>冠状位</translation>
    </message>
    <message>
        <source>sagittal</source>
        <translation>矢状位</translation>
    </message>
    <message>
        <source>oblique</source>
        <translation>斜位</translation>
    </message>
    <message>
        <source>The model process stopped. The images are not affected. Try again.</source>
        <translation>模型进程已停止。图像不受影响。请重试。</translation>
    </message>
    <message>
        <source>The model process did not answer and was ended. The images are not affected. Try again.</source>
        <translation>模型进程没有响应，已被结束。图像不受影响。请重试。</translation>
    </message>
    <message>
        <source>The model process could not do this. The images are not affected; the details are in the log.</source>
        <translation>模型进程无法完成此操作。图像不受影响，详情见日志。</translation>
    </message>
    <message>
        <source>The {0} is full. Reading goes on with the processor, which is slower.</source>
        <translation>{0}内存已满。改用处理器继续阅读，速度较慢。</translation>
    </message>
    <message>
        <source>The {0} is short of memory. Reading goes on in smaller batches.</source>
        <translation>{0}内存不足。改用较小批次继续阅读。</translation>
    </message>
    <message>
        <source>Admin</source>
        <translation>管理</translation>
    </message>
    <message>
        <source>Admin: audit log</source>
        <translation>管理：审计日志</translation>
    </message>
    <message>
        <source>Admin: compare and promote</source>
        <translation>管理：比较与启用</translation>
    </message>
    <message>
        <source>Admin: data sets</source>
        <translation>管理：数据集</translation>
    </message>
    <message>
        <source>Admin: fine-tuning</source>
        <translation>管理：微调</translation>
    </message>
    <message>
        <source>Admin: model library</source>
        <translation>管理：模型库</translation>
    </message>
    <message>
        <source>Admin: watch</source>
        <translation>管理：监测</translation>
    </message>
    <message>
        <source>Card of the chosen model</source>
        <translation>所选模型的卡片</translation>
    </message>
    <message>
        <source>Change the label of a picture</source>
        <translation>更改图片的标签</translation>
    </message>
    <message>
        <source>Check the data set</source>
        <translation>核查数据集</translation>
    </message>
    <message>
        <source>Choose which copy of the model is used</source>
        <translation>选择使用模型的哪个副本</translation>
    </message>
    <message>
        <source>Compare a candidate with the model in use</source>
        <translation>将候选模型与在用模型比较</translation>
    </message>
    <message>
        <source>Compare a candidate…</source>
        <translation>比较候选模型…</translation>
    </message>
    <message>
        <source>Export the model…</source>
        <translation>导出模型…</translation>
    </message>
    <message>
        <source>Fine-tune a model…</source>
        <translation>微调模型…</translation>
    </message>
    <message>
        <source>Freeze the data set</source>
        <translation>冻结数据集</translation>
    </message>
    <message>
        <source>Go back to the version before</source>
        <translation>回到上一个版本</translation>
    </message>
    <message>
        <source>Go on with the training</source>
        <translation>继续训练</translation>
    </message>
    <message>
        <source>Import a model…</source>
        <translation>导入模型…</translation>
    </message>
    <message>
        <source>Leave pictures out of the data set</source>
        <translation>从数据集中排除图片</translation>
    </message>
    <message>
        <source>Login names. Empty: everybody who uses this computer.</source>
        <translation>登录名。留空：使用此计算机的所有人。</translation>
    </message>
    <message>
        <source>Make a data set</source>
        <translation>制作数据集</translation>
    </message>
    <message>
        <source>Make a lighter copy of the model</source>
        <translation>制作模型的轻量副本</translation>
    </message>
    <message>
        <source>Make a new version of the data set</source>
        <translation>制作数据集的新版本</translation>
    </message>
    <message>
        <source>Mend one kind of problem of the data set</source>
        <translation>修复数据集的一类问题</translation>
    </message>
    <message>
        <source>New data set from a folder…</source>
        <translation>用文件夹新建数据集…</translation>
    </message>
    <message>
        <source>New data set from a packed file…</source>
        <translation>用打包文件新建数据集…</translation>
    </message>
    <message>
        <source>New data set from opinions…</source>
        <translation>用意见新建数据集…</translation>
    </message>
    <message>
        <source>Pause the training</source>
        <translation>暂停训练</translation>
    </message>
    <message>
        <source>Promote a candidate</source>
        <translation>启用候选模型</translation>
    </message>
    <message>
        <source>Promote the candidate…</source>
        <translation>启用候选模型…</translation>
    </message>
    <message>
        <source>Remove a data set</source>
        <translation>移除数据集</translation>
    </message>
    <message>
        <source>Remove the data set…</source>
        <translation>移除数据集…</translation>
    </message>
    <message>
        <source>Remove the model…</source>
        <translation>移除模型…</translation>
    </message>
    <message>
        <source>Remove the training run…</source>
        <translation>移除训练运行…</translation>
    </message>
    <message>
        <source>Show a section of the admin page</source>
        <translation>显示管理页的一个部分</translation>
    </message>
    <message>
        <source>Split the data set anew by patient</source>
        <translation>按患者重新划分数据集</translation>
    </message>
    <message>
        <source>Start a training</source>
        <translation>开始训练</translation>
    </message>
    <message>
        <source>Stop the training and keep the best</source>
        <translation>停止训练并保留最佳结果</translation>
    </message>
    <message>
        <source>Take the model into use…</source>
        <translation>投入使用此模型…</translation>
    </message>
    <message>
        <source>Who may train and promote models</source>
        <translation>谁可以训练和启用模型</translation>
    </message>
    <message>
        <source>Only the people named by the site&apos;s policy may train and promote models. Ask your administrator.</source>
        <translation>只有机构策略指定的人员可以训练和启用模型。请询问您的管理员。</translation>
    </message>
    <message>
        <source>This data set is frozen. Make a new version to change it.</source>
        <translation>此数据集已冻结。要更改，请制作新版本。</translation>
    </message>
    <message>
        <source>Choose a data set first.</source>
        <translation>请先选择一个数据集。</translation>
    </message>
    <message>
        <source>Choose a training run first.</source>
        <translation>请先选择一次训练运行。</translation>
    </message>
    <message>
        <source>Choose a comparison first.</source>
        <translation>请先选择一次比较。</translation>
    </message>
    <message>
        <source>Choose a model first.</source>
        <translation>请先选择一个模型。</translation>
    </message>
    <message>
        <source>This run is not over yet. Stop it first.</source>
        <translation>此运行尚未结束。请先停止。</translation>
    </message>
    <message>
        <source>There is nothing to go on with in this run.</source>
        <translation>此运行没有可继续的内容。</translation>
    </message>
    <message>
        <source>This run is not at a point where that can be done.</source>
        <translation>此运行目前的状态下不能这样做。</translation>
    </message>
    <message>
        <source>Left out of the data set.</source>
        <translation>已从数据集中排除。</translation>
    </message>
    <message>
        <source>Taken back into the data set.</source>
        <translation>已重新纳入数据集。</translation>
    </message>
    <message>
        <source>The label was changed.</source>
        <translation>标签已更改。</translation>
    </message>
    <message>
        <source>Every next analysis is made with {0} {1}.</source>
        <translation>今后的每次分析都使用 {0} {1}。</translation>
    </message>
    <message>
        <source>Making a new version</source>
        <translation>正在制作新版本</translation>
    </message>
    <message>
        <source>Removing a data set</source>
        <translation>正在移除数据集</translation>
    </message>
    <message>
        <source>Starting a training</source>
        <translation>正在开始训练</translation>
    </message>
    <message>
        <source>Pausing a training</source>
        <translation>正在暂停训练</translation>
    </message>
    <message>
        <source>Going on with a training</source>
        <translation>正在继续训练</translation>
    </message>
    <message>
        <source>Stopping a training</source>
        <translation>正在停止训练</translation>
    </message>
    <message>
        <source>Removing a training</source>
        <translation>正在移除训练</translation>
    </message>
    <message>
        <source>Choosing a copy</source>
        <translation>正在选择副本</translation>
    </message>
    <message>
        <source>Gathering a data set</source>
        <translation>正在收集数据集</translation>
    </message>
    <message>
        <source>Checking a data set</source>
        <translation>正在核查数据集</translation>
    </message>
    <message>
        <source>Freezing a data set</source>
        <translation>正在冻结数据集</translation>
    </message>
    <message>
        <source>Splitting a data set</source>
        <translation>正在划分数据集</translation>
    </message>
    <message>
        <source>Leaving pictures out</source>
        <translation>正在排除图片</translation>
    </message>
    <message>
        <source>Changing a label</source>
        <translation>正在更改标签</translation>
    </message>
    <message>
        <source>Mending a data set</source>
        <translation>正在修复数据集</translation>
    </message>
    <message>
        <source>The data set cannot be used: {0}.</source>
        <translation>此数据集不能使用：{0}。</translation>
    </message>
    <message>
        <source>its pictures are missing or damaged</source>
        <translation>其图片缺失或已损坏</translation>
    </message>
    <message>
        <source>one of its pictures is missing or damaged</source>
        <translation>其中一幅图片缺失或已损坏</translation>
    </message>
    <message>
        <source>one of its pictures has no form that can be used</source>
        <translation>其中一幅图片的形式不能使用</translation>
    </message>
    <message>
        <source>its description or its list of pictures cannot be read</source>
        <translation>无法读取其说明或图片清单</translation>
    </message>
    <message>
        <source>This cannot be mended by one click. Look at its pictures one by one.</source>
        <translation>这不能一键修复。请逐一查看其图片。</translation>
    </message>
    <message>
        <source>The data set has no such picture.</source>
        <translation>数据集中没有这幅图片。</translation>
    </message>
    <message>
        <source>The check of the data set ended unexpectedly. Try again; if that does not help, see the log.</source>
        <translation>数据集的核查意外结束。请重试；若无效，请查看日志。</translation>
    </message>
    <message>
        <source>There is no such data set. “medviewer datasets list” names them.</source>
        <translation>没有这个数据集。“medviewer datasets list”会列出它们。</translation>
    </message>
    <message>
        <source>There is no such data set. It may have been removed.</source>
        <translation>没有这个数据集。它可能已被移除。</translation>
    </message>
    <message>
        <source>There is no such data set.</source>
        <translation>没有这个数据集。</translation>
    </message>
    <message>
        <source>The folder {0} is not there. Check the path.</source>
        <translation>文件夹 {0} 不存在。请检查路径。</translation>
    </message>
    <message>
        <source>The folder {0} went away while it was read. Try again.</source>
        <translation>读取时文件夹 {0} 不见了。请重试。</translation>
    </message>
    <message>
        <source>{0} unpacks to more than can be used.</source>
        <translation>{0} 解压后过大，不能使用。</translation>
    </message>
    <message>
        <source>{0} is damaged: its offsets do not fit its contents.</source>
        <translation>{0} 已损坏：其偏移与内容不符。</translation>
    </message>
    <message>
        <source>{0} is damaged: its patches are not 8-bit pictures with a name each.</source>
        <translation>{0} 已损坏：其图块不是各有名称的 8 位图片。</translation>
    </message>
    <message>
        <source>A file of the labels lies outside the folder of images.</source>
        <translation>标签中的一个文件位于图像文件夹之外。</translation>
    </message>
    <message>
        <source>{0} is neither a folder nor a packed .npz or .zip of images.</source>
        <translation>{0} 既不是文件夹，也不是打包的 .npz 或 .zip 图像。</translation>
    </message>
    <message>
        <source>{0} holds neither names, blob and offsets nor x and names.</source>
        <translation>{0} 既不含 names、blob 和 offsets，也不含 x 和 names。</translation>
    </message>
    <message>
        <source>{0} has no rows.</source>
        <translation>{0} 没有任何行。</translation>
    </message>
    <message>
        <source>{0} has {1} columns; a table of labels has at most {2}.</source>
        <translation>{0} 有 {1} 列；标签表最多 {2} 列。</translation>
    </message>
    <message>
        <source>{0} needs the columns file and label.</source>
        <translation>{0} 需要 file 和 label 两列。</translation>
    </message>
    <message>
        <source>{0} is too large for a table of labels.</source>
        <translation>{0} 过大，不像标签表。</translation>
    </message>
    <message>
        <source>{0} cannot be read as a table of labels.</source>
        <translation>{0} 无法作为标签表读取。</translation>
    </message>
    <message>
        <source>{0} has more rows or columns than can be used.</source>
        <translation>{0} 的行或列过多，不能使用。</translation>
    </message>
    <message>
        <source>No reader has said yet whether {0} is right. Give opinions in the reader or the worklist first.</source>
        <translation>还没有阅片者说明 {0} 是否正确。请先在阅片或工作列表中给出意见。</translation>
    </message>
    <message>
        <source>Films longer than {0} pixels were reduced to that by averaging areas.</source>
        <translation>长边超过 {0} 像素的胶片已按面积平均缩小到该值。</translation>
    </message>
    <message>
        <source>A split needs three shares: for fitting (above 0), choosing and reporting.</source>
        <translation>划分需要三个份额：训练（大于 0）、选择和报告。</translation>
    </message>
    <message>
        <source>This data set is frozen. Make a new version of it to change it.</source>
        <translation>此数据集已冻结。要更改，请制作新版本。</translation>
    </message>
    <message>
        <source>This data set has not been checked since it was changed. Check it first.</source>
        <translation>此数据集更改后尚未核查。请先核查。</translation>
    </message>
    <message>
        <source>The data set cannot be frozen: {0}</source>
        <translation>数据集不能冻结：{0}</translation>
    </message>
    <message>
        <source>This picture could not be read when the data set was made.</source>
        <translation>制作数据集时无法读取这幅图片。</translation>
    </message>
    <message>
        <source>None of these pictures can be read and fits. Check the folder, the labels and the model.</source>
        <translation>这些图片都无法读取或不适用。请检查文件夹、标签和模型。</translation>
    </message>
    <message>
        <source>The folder of the data sets does not allow this; check its permissions.</source>
        <translation>数据集文件夹不允许此操作；请检查其权限。</translation>
    </message>
    <message>
        <source>The disk is full. Free some space and try again.</source>
        <translation>磁盘已满。请腾出空间后再试。</translation>
    </message>
    <message>
        <source>medviewer was started for reading only.</source>
        <translation>medviewer 以只读方式启动。</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>several frames</source>
        <translation>多帧</translation>
    </message>
    <message>
        <source>too small</source>
        <translation>过小</translation>
    </message>
    <message>
        <source>mismatched: {0}</source>
        <translation>不适用：{0}</translation>
    </message>
    <message>
        <source>twin of another picture</source>
        <translation>与另一幅图片重复</translation>
    </message>
    <message>
        <source>contradicting labels</source>
        <translation>标签矛盾</translation>
    </message>
    <message>
        <source>{0} of {1} pictures show the finding.</source>
        <translation>{1} 幅图片中有 {0} 幅显示该发现。</translation>
    </message>
    <message>
        <source>The parts differ in that by more than they should.</source>
        <translation>各部分在这方面的差异过大。</translation>
    </message>
    <message>
        <source>One class is rare: accuracy says little here.</source>
        <translation>其中一类很少见：准确率在此意义不大。</translation>
    </message>
    <message>
        <source>{0} patients have pictures in more than one part: the reported figures would be too good.</source>
        <translation>{0} 位患者的图片出现在多个部分：报告的数字会偏好。</translation>
    </message>
    <message>
        <source>{0} patient has pictures in more than one part: the reported figures would be too good.</source>
        <translation>{0} 位患者的图片出现在多个部分：报告的数字会偏好。</translation>
    </message>
    <message>
        <source>{0} of {1} answers were given after AI had been seen: they lean towards it.</source>
        <translation>{1} 个回答中有 {0} 个是在看到 AI 之后给出的：会偏向 AI。</translation>
    </message>
    <message>
        <source>Only {0} patients {1}; below {2} a training is a gamble.</source>
        <translation>{1}的患者只有 {0} 位；少于 {2} 位时训练结果全凭运气。</translation>
    </message>
    <message>
        <source>Only {0} patient {1}; below {2} a training is a gamble.</source>
        <translation>{1}的患者只有 {0} 位；少于 {2} 位时训练结果全凭运气。</translation>
    </message>
    <message>
        <source>{0} of {1} pictures could not be read and are left out.</source>
        <translation>{1} 幅图片中有 {0} 幅无法读取，已排除。</translation>
    </message>
    <message>
        <source>{0} of {1} pictures do not fit the model and are left out.</source>
        <translation>{1} 幅图片中有 {0} 幅不适用于该模型，已排除。</translation>
    </message>
    <message>
        <source>The part for {0} has no picture {1}.</source>
        <translation>{0}部分没有{1}的图片。</translation>
    </message>
    <message>
        <source>fitting</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>choosing</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>selecting</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>reporting</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>with the finding</source>
        <translation>有该发现</translation>
    </message>
    <message>
        <source>without the finding</source>
        <translation>无该发现</translation>
    </message>
    <message>
        <source>Nobody knows whose {0} of {1} pictures are: one patient may be in several parts.</source>
        <translation>{1} 幅图片中有 {0} 幅不知属于哪位患者：同一患者可能在多个部分中。</translation>
    </message>
    <message>
        <source>The model {0} does not read whole films.</source>
        <translation>模型 {0} 不阅读整张胶片。</translation>
    </message>
    <message>
        <source>{0} labels are contradicted by the pictures of all other patients. Look at these pictures first.</source>
        <translation>{0} 个标签与其他所有患者的图片相矛盾。请先查看这些图片。</translation>
    </message>
    <message>
        <source>{0} label is contradicted by the pictures of all other patients. Look at these pictures first.</source>
        <translation>{0} 个标签与其他所有患者的图片相矛盾。请先查看这些图片。</translation>
    </message>
    <message>
        <source>Wrong labels cannot be told with fewer than {0} patients of each class.</source>
        <translation>每类少于 {0} 位患者时，无法判断错误标签。</translation>
    </message>
    <message>
        <source>No label is clearly contradicted. Look at these pictures first if some labels are wrong.</source>
        <translation>没有明显矛盾的标签。如果有标签错误，请先查看这些图片。</translation>
    </message>
    <message>
        <source>The {0} alone tells the label (AUC {1}): a model may learn that instead of the finding.</source>
        <translation>仅凭{0}就能判断标签（AUC {1}）：模型可能学到它，而不是该发现。</translation>
    </message>
    <message>
        <source>The {0} alone tells the label (AUC {1}): a marker there may decide it.</source>
        <translation>仅凭{0}就能判断标签（AUC {1}）：那里的标记可能起了决定作用。</translation>
    </message>
    <message>
        <source>AUC of what is trivial, on patients not seen: {0}. A model is worth something only above that.</source>
        <translation>无关特征在未见患者上的 AUC：{0}。模型只有高于它才有价值。</translation>
    </message>
    <message>
        <source>thumbnail of 12 x 12</source>
        <translation>12 × 12 缩略图</translation>
    </message>
    <message>
        <source>file size</source>
        <translation>文件大小</translation>
    </message>
    <message>
        <source>mean grey</source>
        <translation>平均灰度</translation>
    </message>
    <message>
        <source>image size</source>
        <translation>图像尺寸</translation>
    </message>
    <message>
        <source>shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>scanner</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>view</source>
        <translation>体位</translation>
    </message>
    <message>
        <source>sex</source>
        <translation>性别</translation>
    </message>
    <message>
        <source>upper left corner</source>
        <translation>左上角</translation>
    </message>
    <message>
        <source>upper right corner</source>
        <translation>右上角</translation>
    </message>
    <message>
        <source>lower left corner</source>
        <translation>左下角</translation>
    </message>
    <message>
        <source>lower right corner</source>
        <translation>右下角</translation>
    </message>
    <message>
        <source>upper border</source>
        <translation>上边缘</translation>
    </message>
    <message>
        <source>lower border</source>
        <translation>下边缘</translation>
    </message>
    <message>
        <source>left border</source>
        <translation>左边缘</translation>
    </message>
    <message>
        <source>right border</source>
        <translation>右边缘</translation>
    </message>
    <message>
        <source>nothing above chance</source>
        <translation>都不优于随机</translation>
    </message>
    <message>
        <source>{0} pictures are the same, pixel for pixel, in different parts: what is learned by heart would be reported.</source>
        <translation>不同部分中有 {0} 幅图片逐像素相同：报告的会是死记硬背的结果。</translation>
    </message>
    <message>
        <source>{0} pictures in different parts are copies of each other or nearly so (resized, compressed, the next slice).</source>
        <translation>不同部分中有 {0} 幅图片互为副本或几乎如此（缩放、压缩、相邻层）。</translation>
    </message>
    <message>
        <source>{0} pictures are the same, pixel for pixel, within one part: each counts twice.</source>
        <translation>同一部分中有 {0} 幅图片逐像素相同：每幅被计两次。</translation>
    </message>
    <message>
        <source>{0} pictures within one part are copies of each other or nearly so.</source>
        <translation>同一部分中有 {0} 幅图片互为副本或几乎如此。</translation>
    </message>
    <message>
        <source>{0} pictures are there with both labels: one of the labels is wrong.</source>
        <translation>{0} 幅图片同时有两种标签：其中一个标签有误。</translation>
    </message>
    <message>
        <source>On {0} pictures as many readers say present as absent. Decide, or leave them out.</source>
        <translation>对 {0} 幅图片，认为有和认为无的阅片者一样多。请决定，或将其排除。</translation>
    </message>
    <message>
        <source>More than {0} pictures: only equal ones were looked for.</source>
        <translation>图片超过 {0} 幅：只查找了完全相同的。</translation>
    </message>
    <message>
        <source>Training {0}, run {1}</source>
        <translation>正在训练 {0}，运行 {1}</translation>
    </message>
    <message>
        <source>The training was not started: {0}.</source>
        <translation>训练未开始：{0}。</translation>
    </message>
    <message>
        <source>There is no preset called {0}. Presets: {1}.</source>
        <translation>没有名为 {0} 的预设。预设：{1}。</translation>
    </message>
    <message>
        <source>The training was ended by hand. It can go on from its last checkpoint.</source>
        <translation>训练被手动结束。可以从最近的检查点继续。</translation>
    </message>
    <message>
        <source>The description of the training run {0} cannot be read.</source>
        <translation>无法读取训练运行 {0} 的说明。</translation>
    </message>
    <message>
        <source>The training process said something that is no line of a training; it was ended.</source>
        <translation>训练进程输出了不属于训练的内容；已将其结束。</translation>
    </message>
    <message>
        <source>The training process could not be started: {0}.</source>
        <translation>无法启动训练进程：{0}。</translation>
    </message>
    <message>
        <source>The training process was ended from outside, as computers do that run out of memory. It can go on from its last checkpoint.</source>
        <translation>训练进程被外部结束，内存不足的计算机会这样做。可以从最近的检查点继续。</translation>
    </message>
    <message>
        <source>There is no such training run.</source>
        <translation>没有这次训练运行。</translation>
    </message>
    <message>
        <source>There is no such training run. See medviewer runs list.</source>
        <translation>没有这次训练运行。请查看 medviewer runs list。</translation>
    </message>
    <message>
        <source>The training ended before it was finished. It can go on from its last checkpoint.</source>
        <translation>训练未完成就结束了。可以从最近的检查点继续。</translation>
    </message>
    <message>
        <source>The model that this run made is gone.</source>
        <translation>此运行生成的模型不见了。</translation>
    </message>
    <message>
        <source>Another medviewer on this computer drives this run.</source>
        <translation>此计算机上的另一个 medviewer 正在进行此运行。</translation>
    </message>
    <message>
        <source>The folder of the training runs cannot be written; the training was not started.</source>
        <translation>无法写入训练运行文件夹；训练未开始。</translation>
    </message>
    <message>
        <source>The disk is full: the training was not started. Free some space and try again.</source>
        <translation>磁盘已满：训练未开始。请腾出空间后再试。</translation>
    </message>
    <message>
        <source>This training is over.</source>
        <translation>此训练已结束。</translation>
    </message>
    <message>
        <source>The model that this run started from is another one now. Start a new run.</source>
        <translation>此运行所依据的模型现已不同。请开始新的运行。</translation>
    </message>
    <message>
        <source>This training is not over. Stop it first.</source>
        <translation>此训练尚未结束。请先停止。</translation>
    </message>
    <message>
        <source>The run could not be removed: its folder cannot be changed.</source>
        <translation>无法移除此运行：其文件夹不可更改。</translation>
    </message>
    <message>
        <source>The previews stopped; the training itself is not affected. Try again.</source>
        <translation>预览已停止；训练本身不受影响。请重试。</translation>
    </message>
    <message>
        <source>Nothing is known of it beyond the data it was judged on.</source>
        <translation>除了用于评判它的数据之外，对它一无所知。</translation>
    </message>
    <message>
        <source>Of this site: the licence of the data set decides.</source>
        <translation>属于本机构：以数据集的许可为准。</translation>
    </message>
    <message>
        <source>Says how much a picture looks like the pictures with “{0}” of one data set of this site, so that a reader can look at such pictures first. Not tested clinically, not for diagnosis.</source>
        <translation>说明一幅图片与本机构某个数据集中有“{0}”的图片有多相似，以便阅片者先看这样的图片。未经临床验证，不可用于诊断。</translation>
    </message>
    <message>
        <source>What was done about shortcuts before: see the card of {0} {1}.</source>
        <translation>此前对捷径的处理：见 {0} {1} 的卡片。</translation>
    </message>
    <message>
        <source>It knows no “neither”: a picture of something else gets an answer too.</source>
        <translation>它不知道“都不是”：其他内容的图片也会得到答案。</translation>
    </message>
    <message>
        <source>The heatmap shows what moved this number. It does not outline the disease.</source>
        <translation>热图显示影响该数值的部位，并不勾画疾病。</translation>
    </message>
    <message>
        <source>The smallest picture has {0} x {1} pixels, and the net needs {2} x {3}.</source>
        <translation>最小的图片为 {0} × {1} 像素，而网络需要 {2} × {3}。</translation>
    </message>
    <message>
        <source>The smallest picture has {0} x {1} pixels, and the net needs {2} x {3}. Exclude the small ones.</source>
        <translation>最小的图片为 {0} × {1} 像素，而网络需要 {2} × {3}。请排除过小的图片。</translation>
    </message>
    <message>
        <source>{0} Exclude the small ones.</source>
        <translation>{0}请排除过小的图片。</translation>
    </message>
    <message>
        <source>The smallest picture has {0} x {1} pixels and is enlarged to {2} x {3}.</source>
        <translation>最小的图片为 {0} × {1} 像素，会放大到 {2} × {3}。</translation>
    </message>
    <message>
        <source>Every picture has at least the {0} x {1} pixels that the net is given.</source>
        <translation>每幅图片都至少有网络所用的 {0} × {1} 像素。</translation>
    </message>
    <message>
        <source>Every part has pictures with and without “{0}”: {1}.</source>
        <translation>每个部分都有有“{0}”和无“{0}”的图片：{1}。</translation>
    </message>
    <message>
        <source>fitting {0} ({1} with), selecting {2} ({3} with), reporting {4} ({5} with)</source>
        <translation>训练 {0}（有 {1}）、选择 {2}（有 {3}）、报告 {4}（有 {5}）</translation>
    </message>
    <message>
        <source>The {0} part has no {1}. Split the data set anew.</source>
        <translation>{0}部分没有{1}。请重新划分数据集。</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>pictures with “{0}”</source>
        <translation>有“{0}”的图片</translation>
    </message>
    <message>
        <source>pictures without “{0}”</source>
        <translation>无“{0}”的图片</translation>
    </message>
    <message>
        <source>The fitting part has {0} patients with and {1} without “{2}”.</source>
        <translation>训练部分有“{2}”的患者 {0} 位，无的 {1} 位。</translation>
    </message>
    <message>
        <source>The fitting part has {0} patients with and {1} without “{2}”. With fewer than {3} of either, a better model is unlikely.</source>
        <translation>训练部分有“{2}”的患者 {0} 位，无的 {1} 位。任一类少于 {3} 位时，不太可能得到更好的模型。</translation>
    </message>
    <message>
        <source>{0}. With fewer than {1} of either, a better model is unlikely.</source>
        <translation>{0}。任一类少于 {1} 位时，不太可能得到更好的模型。</translation>
    </message>
    <message>
        <source>{0} is trained with {1}, and this data set holds {2}.</source>
        <translation>{0} 用{1}训练，而此数据集包含的是{2}。</translation>
    </message>
    <message>
        <source>The data set holds {0}, which {1} is trained with.</source>
        <translation>数据集包含的是{0}，{1} 正是用它训练的。</translation>
    </message>
    <message>
        <source>films</source>
        <translation>胶片</translation>
    </message>
    <message>
        <source>patches</source>
        <translation>图块</translation>
    </message>
    <message>
        <source>Both are about “{0}”.</source>
        <translation>两者都针对“{0}”。</translation>
    </message>
    <message>
        <source>The new model will be one for “{0}”.</source>
        <translation>新模型将针对“{0}”。</translation>
    </message>
    <message>
        <source>This data set is about “{0}”, and {1} is about “{2}”. Start from scratch.</source>
        <translation>此数据集针对“{0}”，而 {1} 针对“{2}”。请从头训练。</translation>
    </message>
    <message>
        <source>This data set is not frozen. Freeze it first, so that it stays what was trained with.</source>
        <translation>此数据集未冻结。请先冻结，使其保持为训练所用的样子。</translation>
    </message>
    <message>
        <source>The data set is frozen, and its files are as they were then.</source>
        <translation>数据集已冻结，其文件与当时一致。</translation>
    </message>
    <message>
        <source>The files of this data set are not as they were when it was frozen. Use another one.</source>
        <translation>此数据集的文件与冻结时不一致。请使用其他数据集。</translation>
    </message>
    <message>
        <source>This data set was not checked as it is now. Check it before you rely on a training.</source>
        <translation>此数据集现在的样子未经核查。在依赖训练结果之前请先核查。</translation>
    </message>
    <message>
        <source>The check of the data set found nothing that forbids training.</source>
        <translation>数据集的核查未发现妨碍训练的问题。</translation>
    </message>
    <message>
        <source>{0}; this system does not say how much is free.</source>
        <translation>{0}；此系统没有说明可用空间。</translation>
    </message>
    <message>
        <source>{0}, and {1} MB are free. Close other programs, or take smaller batches.</source>
        <translation>{0}，而可用 {1} MB。请关闭其他程序，或减小批量。</translation>
    </message>
    <message>
        <source>{0}, and {1} MB are free. Free some space first.</source>
        <translation>{0}，而可用 {1} MB。请先腾出空间。</translation>
    </message>
    <message>
        <source>{0}; {1} MB are free.</source>
        <translation>{0}；可用 {1} MB。</translation>
    </message>
    <message>
        <source>The training needs about {0} MB of memory</source>
        <translation>训练约需 {0} MB 内存</translation>
    </message>
    <message>
        <source>Checkpoints and the model need about {0} MB of disk</source>
        <translation>检查点和模型约需 {0} MB 磁盘空间</translation>
    </message>
    <message>
        <source>It is not known yet whether the device “{0}” is there.</source>
        <translation>尚不知道设备“{0}”是否存在。</translation>
    </message>
    <message>
        <source>It runs on the best device of this computer.</source>
        <translation>将在此计算机最好的设备上运行。</translation>
    </message>
    <message>
        <source>It runs on “{0}”.</source>
        <translation>将在“{0}”上运行。</translation>
    </message>
    <message>
        <source>This computer has no device “{0}” that can be used. Choose auto or cpu.</source>
        <translation>此计算机没有可用的设备“{0}”。请选择 auto 或 cpu。</translation>
    </message>
    <message>
        <source>The checkpoint of this training is damaged; start again without --resume.</source>
        <translation>此训练的检查点已损坏；请不带 --resume 重新开始。</translation>
    </message>
    <message>
        <source>The folder of the training can no longer be written (it was moved, removed or made read-only). Bring it back and go on.</source>
        <translation>训练文件夹已无法写入（被移动、移除或设为只读）。请恢复后继续。</translation>
    </message>
    <message>
        <source>The disk is full. The training stands at its last checkpoint: free some space and go on.</source>
        <translation>磁盘已满。训练停在最近的检查点：请腾出空间后继续。</translation>
    </message>
    <message>
        <source>The training configuration {0} could not be read.</source>
        <translation>无法读取训练配置 {0}。</translation>
    </message>
    <message>
        <source>The training configuration {0} cannot be used: {1}.</source>
        <translation>训练配置 {0} 不能使用：{1}。</translation>
    </message>
    <message>
        <source>The program that asked for this training is gone; its checkpoint is kept.</source>
        <translation>发起此训练的程序已不在；检查点已保留。</translation>
    </message>
    <message>
        <source>The data set is not frozen yet: freeze it, then train with it.</source>
        <translation>数据集尚未冻结：请先冻结，再用它训练。</translation>
    </message>
    <message>
        <source>The data set is no longer what was frozen: one of its files was changed, damaged or removed.</source>
        <translation>数据集已与冻结时不同：有文件被更改、损坏或移除。</translation>
    </message>
    <message>
        <source>The pictures of the data set differ in size where this model needs one size.</source>
        <translation>数据集的图片大小不一，而此模型需要同一大小。</translation>
    </message>
    <message>
        <source>The training data “{0}” could not be read from {1}.</source>
        <translation>无法从 {1} 读取训练数据“{0}”。</translation>
    </message>
    <message>
        <source>Part “{0}” of the training data lacks one of the classes.</source>
        <translation>训练数据的“{0}”部分缺少其中一类。</translation>
    </message>
    <message>
        <source>The training did not learn to tell the classes apart; no model was written.</source>
        <translation>训练没有学会区分各类；未写出模型。</translation>
    </message>
    <message>
        <source>The training was stopped before there was an epoch to keep.</source>
        <translation>训练在有可保留的轮次之前就被停止。</translation>
    </message>
    <message>
        <source>The {0} is short of memory. Training goes on with {1} pictures at once; its steps stay the same.</source>
        <translation>{0}内存不足。训练改为每次 {1} 幅图片继续；其步骤不变。</translation>
    </message>
    <message>
        <source>The {0} is full. Training goes on with the processor, which is slower.</source>
        <translation>{0}已满。训练改用处理器继续，速度较慢。</translation>
    </message>
    <message>
        <source>There is not enough memory for this training. It stands at its last checkpoint: close other programs and go on, or train with a smaller batch.</source>
        <translation>内存不足以进行此训练。它停在最近的检查点：请关闭其他程序后继续，或减小批量。</translation>
    </message>
    <message>
        <source>graphics card</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>These changes cannot be made: {0}.</source>
        <translation>无法做这些变化：{0}。</translation>
    </message>
    <message>
        <source>The data set is not the one that this training was planned for.</source>
        <translation>此数据集不是此训练所计划的数据集。</translation>
    </message>
    <message>
        <source>The greys of these pictures lie outside of what the model takes ({0} to {1}): nothing would be left of them.</source>
        <translation>这些图片的灰度超出模型接受的范围（{0} 至 {1}）：将什么都不剩。</translation>
    </message>
    <message>
        <source>By patient: {0}. The parts are those of the frozen data set {1}.</source>
        <translation>按患者：{0}。各部分即冻结数据集 {1} 的部分。</translation>
    </message>
    <message>
        <source>Where a logistic curve with equal class weights crosses one half, over {0} changes (exposure, contrast, crop, aspect, blur, noise) of {1}: sensitivity and specificity weigh the same.</source>
        <translation>对 {1} 做 {0} 种变化（曝光、对比度、裁剪、宽高比、模糊、噪声）后，类别权重相等的逻辑曲线过二分之一处：灵敏度与特异度同等重要。</translation>
    </message>
    <message>
        <source>One half of the net&apos;s own sigmoid, as its recipe has it: not chosen.</source>
        <translation>网络自身 sigmoid 的二分之一，按其配方：未经选择。</translation>
    </message>
    <message>
        <source>Lowest score that leaves {0} of the negatives of {1} below it.</source>
        <translation>使 {1} 的阴性中 {0} 位于其下的最低评分。</translation>
    </message>
    <message>
        <source>Platt scaling by maximum likelihood on the {0} pictures of the selecting part ({1} positive), each untouched and under every stress change.</source>
        <translation>在选择部分的 {0} 幅图片（{1} 幅阳性）上以最大似然做 Platt 缩放，每幅均含原样和各种压力变化。</translation>
    </message>
    <message>
        <source>None: the net&apos;s own sigmoid, which nobody compared with how often it is right.</source>
        <translation>无：网络自身的 sigmoid，未与其正确频率比较过。</translation>
    </message>
    <message>
        <source>Pixel-identical pictures left out before training: {0} whose twin stands in a part that must stay clean, {1} whose twin stands in the same part.</source>
        <translation>训练前排除的逐像素相同图片：{0} 幅的重复图片位于必须保持干净的部分，{1} 幅的重复图片位于同一部分。</translation>
    </message>
    <message>
        <source>Interrupted. The same command with --resume goes on.</source>
        <translation>已中断。用同一命令加 --resume 可继续。</translation>
    </message>
    <message>
        <source>The folder to start from holds {0} {1}, not {2} {3}.</source>
        <translation>起始文件夹中是 {0} {1}，而不是 {2} {3}。</translation>
    </message>
    <message>
        <source>The checkpoint belongs to another configuration or other data; start again without --resume.</source>
        <translation>检查点属于另一配置或其他数据；请不带 --resume 重新开始。</translation>
    </message>
    <message>
        <source>The model to start from has another architecture than this training.</source>
        <translation>起始模型的结构与此训练不同。</translation>
    </message>
    <message>
        <source>Epoch {0} was kept: best mean AUC on the selecting part over all stress changes ({1}).</source>
        <translation>保留第 {0} 轮：在选择部分上对所有压力变化的平均 AUC 最佳（{1}）。</translation>
    </message>
    <message>
        <source>The last epoch ({0}) was kept, whatever its figures.</source>
        <translation>保留最后一轮（{0}），不论其数字如何。</translation>
    </message>
    <message>
        <source>Comparing with the version in use</source>
        <translation>正在与在用版本比较</translation>
    </message>
    <message>
        <source>Explaining one case by both models</source>
        <translation>正在用两个模型解释一个病例</translation>
    </message>
    <message>
        <source>Explaining</source>
        <translation>正在解释</translation>
    </message>
    <message>
        <source>Reading with {0}</source>
        <translation>正在用“{0}”阅读</translation>
    </message>
    <message>
        <source>Maps are drawn on whole images; the cases of this data set are cut-outs.</source>
        <translation>图只绘制在整幅图像上；此数据集的病例是图块。</translation>
    </message>
    <message>
        <source>The model could not explain this case.</source>
        <translation>模型无法解释此病例。</translation>
    </message>
    <message>
        <source>This comparison is not here any more, or cannot be read.</source>
        <translation>此比较已不在，或无法读取。</translation>
    </message>
    <message>
        <source>The candidate is not the model that was compared. Compare again.</source>
        <translation>候选模型不是所比较的模型。请重新比较。</translation>
    </message>
    <message>
        <source>Version {0}, which was compared, is gone. Compare again.</source>
        <translation>所比较的版本 {0} 已不在。请重新比较。</translation>
    </message>
    <message>
        <source>No version of {0} is in use: there is nothing to compare with.</source>
        <translation>{0} 没有在用版本：没有可比较的对象。</translation>
    </message>
    <message>
        <source>The candidate {0} is the one in use: choose another one.</source>
        <translation>候选版本 {0} 就是在用版本：请另选一个。</translation>
    </message>
    <message>
        <source>The candidate {0} has the number of the one in use: choose another one.</source>
        <translation>候选版本 {0} 与在用版本编号相同：请另选一个。</translation>
    </message>
    <message>
        <source>The candidate {0} {1}: choose another one.</source>
        <translation>候选版本 {0} {1}：请另选一个。</translation>
    </message>
    <message>
        <source>Only a frozen data set that is as it was can be compared on. Freeze it first.</source>
        <translation>只能在保持原样的冻结数据集上比较。请先冻结。</translation>
    </message>
    <message>
        <source>The data set of the comparison is gone. Compare on another one.</source>
        <translation>比较所用的数据集已不在。请在其他数据集上比较。</translation>
    </message>
    <message>
        <source>The models could evaluate none of the locked images.</source>
        <translation>两个模型都无法评估锁定部分的任何图像。</translation>
    </message>
    <message>
        <source>All files of the candidate are as they were made.</source>
        <translation>候选模型的所有文件与生成时一致。</translation>
    </message>
    <message>
        <source>The candidate&apos;s files are not as they were made: {0}</source>
        <translation>候选模型的文件与生成时不一致：{0}</translation>
    </message>
    <message>
        <source>The candidate does the same task on the same kind of images.</source>
        <translation>候选模型对同类图像执行相同任务。</translation>
    </message>
    <message>
        <source>The candidate is not the same model as the version in use. What differs: {0}.</source>
        <translation>候选模型与在用版本不是同一模型。不同之处：{0}。</translation>
    </message>
    <message>
        <source>task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>finding</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>kind of score</source>
        <translation>评分类型</translation>
    </message>
    <message>
        <source>images that it may read</source>
        <translation>可阅读的图像</translation>
    </message>
    <message>
        <source>unit of the values</source>
        <translation>数值单位</translation>
    </message>
    <message>
        <source>The data set is frozen and unchanged.</source>
        <translation>数据集已冻结且未更改。</translation>
    </message>
    <message>
        <source>The data set is not frozen, or was changed since it was frozen. Compare on a sound one.</source>
        <translation>数据集未冻结，或冻结后被更改。请在完好的数据集上比较。</translation>
    </message>
    <message>
        <source>The data set was not checked for leaks and wrong labels.</source>
        <translation>数据集未核查泄漏和错误标签。</translation>
    </message>
    <message>
        <source>The check of the data set found a fault: {0}</source>
        <translation>数据集的核查发现问题：{0}</translation>
    </message>
    <message>
        <source>The check of the data set found no leak.</source>
        <translation>数据集的核查未发现泄漏。</translation>
    </message>
    <message>
        <source>The candidate was trained on {0} of the images that it is judged by.</source>
        <translation>候选模型用 {0} 幅评判它的图像训练过。</translation>
    </message>
    <message>
        <source>It cannot be told whether the candidate was trained on images that it is judged by.</source>
        <translation>无法判断候选模型是否用评判它的图像训练过。</translation>
    </message>
    <message>
        <source>None of the locked images was used to make the candidate.</source>
        <translation>制作候选模型时未使用任何锁定图像。</translation>
    </message>
    <message>
        <source>The version in use was trained on {0} of these images: its figures are flattered.</source>
        <translation>在用版本用其中 {0} 幅图像训练过：其数字偏好。</translation>
    </message>
    <message>
        <source>It cannot be told whether the version in use was trained on these images; if so, its figures are flattered.</source>
        <translation>无法判断在用版本是否用这些图像训练过；若是，其数字偏好。</translation>
    </message>
    <message>
        <source>None of the locked images was used to make the version in use.</source>
        <translation>制作在用版本时未使用任何锁定图像。</translation>
    </message>
    <message>
        <source>Enough cases: {0}.</source>
        <translation>病例足够：{0}。</translation>
    </message>
    <message>
        <source>Few cases: {0}; at least {1} of each are needed to be sure.</source>
        <translation>病例较少：{0}；每类至少需要 {1} 位才能确定。</translation>
    </message>
    <message>
        <source>{0} patients with the finding and {1} without</source>
        <translation>有该发现的患者 {0} 位，无的 {1} 位</translation>
    </message>
    <message>
        <source>The AUC cannot be computed: the locked part lacks a class.</source>
        <translation>无法计算 AUC：锁定部分缺少一类。</translation>
    </message>
    <message>
        <source>The candidate ranks the cases clearly worse: {0}.</source>
        <translation>候选模型对病例的排序明显更差：{0}。</translation>
    </message>
    <message>
        <source>The candidate loses more than {0} of the AUC: {1}.</source>
        <translation>候选模型的 AUC 下降超过 {0}：{1}。</translation>
    </message>
    <message>
        <source>The candidate does not rank the cases worse: {0}.</source>
        <translation>候选模型对病例的排序没有变差：{0}。</translation>
    </message>
    <message>
        <source>AUC {0} ({1} to {2})</source>
        <translation>AUC {0}（{1} 至 {2}）</translation>
    </message>
    <message>
        <source>{0} ({1} to {2})</source>
        <translation>{0}（{1} 至 {2}）</translation>
    </message>
    <message>
        <source>{0}, AUC {1} ({2} to {3})</source>
        <translation>{0}，AUC {1}（{2} 至 {3}）</translation>
    </message>
    <message>
        <source>The {0} could not be compared.</source>
        <translation>无法比较{0}。</translation>
    </message>
    <message>
        <source>The candidate&apos;s {0} is clearly worse: {1}.</source>
        <translation>候选模型的{0}明显更差：{1}。</translation>
    </message>
    <message>
        <source>The candidate&apos;s {0} is not clearly worse: {1}.</source>
        <translation>候选模型的{0}没有明显更差：{1}。</translation>
    </message>
    <message>
        <source>sensitivity at its operating point</source>
        <translation>工作阈值处的灵敏度</translation>
    </message>
    <message>
        <source>specificity at its operating point</source>
        <translation>工作阈值处的特异度</translation>
    </message>
    <message>
        <source>calibration error</source>
        <translation>校准误差</translation>
    </message>
    <message>
        <source>Subgroups could not be compared: too little is known of age, sex, scanner and view.</source>
        <translation>无法比较亚组：对年龄、性别、设备和体位所知太少。</translation>
    </message>
    <message>
        <source>The candidate is clearly worse in a subgroup: {0}.</source>
        <translation>候选模型在某个亚组中明显更差：{0}。</translation>
    </message>
    <message>
        <source>No subgroup is clearly worse; the worst is {0}.</source>
        <translation>没有亚组明显更差；最差的是{0}。</translation>
    </message>
    <message>
        <source>sex: {0}</source>
        <translation>性别：{0}</translation>
    </message>
    <message>
        <source>age: {0}</source>
        <translation>年龄：{0}</translation>
    </message>
    <message>
        <source>scanner: {0}</source>
        <translation>设备：{0}</translation>
    </message>
    <message>
        <source>view: {0}</source>
        <translation>体位：{0}</translation>
    </message>
    <message>
        <source>{0} and over</source>
        <translation>{0} 岁及以上</translation>
    </message>
    <message>
        <source>The locked part was looked at {0}.</source>
        <translation>锁定部分已查看{0}。</translation>
    </message>
    <message>
        <source>The locked part was looked at {0}: choosing among many candidates by it makes the best one look better than it is. A fresh one would tell.</source>
        <translation>锁定部分已查看{0}：用它在众多候选中挑选，会使最好的显得比实际更好。换一个全新的才能说明。</translation>
    </message>
    <message>
        <source>once</source>
        <translation>一次</translation>
    </message>
    <message>
        <source>{0} times</source>
        <translation> {0} 次</translation>
    </message>
    <message>
        <source>The record of which models are in use is damaged and was kept as it is: the shipped versions are used until somebody promotes again.</source>
        <translation>在用模型的记录已损坏，已原样保留：在有人再次启用之前使用自带版本。</translation>
    </message>
    <message>
        <source>{0}: version {1}, which was in use, is gone or was changed. {2}</source>
        <translation>{0}：在用的版本 {1} 已不在或被更改。{2}</translation>
    </message>
    <message>
        <source>The disk of the models reports an error; nothing was changed. Try again.</source>
        <translation>模型所在磁盘报告错误；未作任何更改。请重试。</translation>
    </message>
    <message>
        <source>The disk is full: nothing was changed. Free some space and try again.</source>
        <translation>磁盘已满：未作任何更改。请腾出空间后再试。</translation>
    </message>
    <message>
        <source>The folder of the models does not allow writing; nothing was changed.</source>
        <translation>模型文件夹不允许写入；未作任何更改。</translation>
    </message>
    <message>
        <source>Version {0} is used.</source>
        <translation>现使用版本 {0}。</translation>
    </message>
    <message>
        <source>No version of it is here.</source>
        <translation>这里没有它的任何版本。</translation>
    </message>
    <message>
        <source>There is no run and no version {0} with a finished model.</source>
        <translation>没有名为 {0} 的运行或版本有完成的模型。</translation>
    </message>
    <message>
        <source>Version {0} of {1}, which was compared, is not here; import it, or compare again.</source>
        <translation>所比较的 {1} 版本 {0} 不在这里；请导入它，或重新比较。</translation>
    </message>
    <message>
        <source>Another medviewer is changing this just now; try again in a moment.</source>
        <translation>另一个 medviewer 正在更改；请稍后再试。</translation>
    </message>
    <message>
        <source>Ask for the model as a folder or zip with card.json and weights.safetensors.</source>
        <translation>请索取含 card.json 和 weights.safetensors 的模型文件夹或 zip。</translation>
    </message>
    <message>
        <source>{0} is a link; give the folder or zip itself.</source>
        <translation>{0} 是链接；请提供文件夹或 zip 本身。</translation>
    </message>
    <message>
        <source>The zip holds a link or a name that leads elsewhere; nothing was unpacked.</source>
        <translation>zip 中有链接或指向别处的名称；未解压任何内容。</translation>
    </message>
    <message>
        <source>{0} holds more files than a model has.</source>
        <translation>{0} 的文件数超过一个模型应有的数量。</translation>
    </message>
    <message>
        <source>{0} holds a file twice.</source>
        <translation>{0} 中有重复的文件。</translation>
    </message>
    <message>
        <source>{0} is damaged or encrypted and cannot be unpacked.</source>
        <translation>{0} 已损坏或加密，无法解压。</translation>
    </message>
    <message>
        <source>{0} is damaged and cannot be unpacked.</source>
        <translation>{0} 已损坏，无法解压。</translation>
    </message>
    <message>
        <source>{0} unpacks to more than a model may have (2 GB).</source>
        <translation>{0} 解压后超过模型允许的大小（2 GB）。</translation>
    </message>
    <message>
        <source>Compared on the locked part of data set {0} ({1} images of {2} patients, {3} with the finding), which had been looked at {4} times before. 95 % intervals; differences are paired.</source>
        <translation>在数据集 {0} 的锁定部分上比较（{2} 位患者的 {1} 幅图像，{3} 幅有该发现），此前已查看 {4} 次。95 % 区间；差异为配对差异。</translation>
    </message>
    <message>
        <source>Another model is installed as {0} {1}.</source>
        <translation>已安装了另一个名为 {0} {1} 的模型。</translation>
    </message>
    <message>
        <source>The model {0} changed while it was copied. Try again.</source>
        <translation>复制时模型 {0} 发生了变化。请重试。</translation>
    </message>
    <message>
        <source>The model&apos;s folder holds a link; it was not copied.</source>
        <translation>模型文件夹中有链接；未复制。</translation>
    </message>
    <message>
        <source>The model was replaced at {0}. This result is from {1}.</source>
        <translation>模型已于 {0} 更换。此结果来自 {1}。</translation>
    </message>
    <message>
        <source>The model was replaced. This result is from {0}.</source>
        <translation>模型已更换。此结果来自 {0}。</translation>
    </message>
    <message>
        <source>A run&apos;s model is removed with its run.</source>
        <translation>运行的模型随其运行一起移除。</translation>
    </message>
    <message>
        <source>Another version of {0} is in use than the one that was compared ({1}). Compare again.</source>
        <translation>{0} 的在用版本不是所比较的版本（{1}）。请重新比较。</translation>
    </message>
    <message>
        <source>Version {0} of {1} is in use already.</source>
        <translation>{1} 的版本 {0} 已在使用。</translation>
    </message>
    <message>
        <source>This version comes with the program and stays.</source>
        <translation>此版本随程序提供，会保留。</translation>
    </message>
    <message>
        <source>Version {0} is in use. Go back to another one first.</source>
        <translation>版本 {0} 正在使用。请先回到其他版本。</translation>
    </message>
    <message>
        <source>There is no earlier version of {0} to go back to.</source>
        <translation>{0} 没有可回退的更早版本。</translation>
    </message>
    <message>
        <source>There is no version {0} of {1} to go back to.</source>
        <translation>{1} 没有可回退的版本 {0}。</translation>
    </message>
    <message>
        <source>There is no {0} of {1} to go back to.</source>
        <translation>{1} 没有可回退的 {0}。</translation>
    </message>
    <message>
        <source>Version {0} of {1} is gone already.</source>
        <translation>{1} 的版本 {0} 已经不在。</translation>
    </message>
    <message>
        <source>A version of {0} is in use: compare the two, then promote.</source>
        <translation>{0} 已有在用版本：请先比较，再启用。</translation>
    </message>
    <message>
        <source>{0} {1} is here already.</source>
        <translation>{0} {1} 已经在这里。</translation>
    </message>
    <message>
        <source>medviewer was started to look only; models cannot be changed.</source>
        <translation>medviewer 以只读方式启动；不能更改模型。</translation>
    </message>
    <message>
        <source>Promoting needs a reason in words.</source>
        <translation>启用需要写明理由。</translation>
    </message>
    <message>
        <source>Promoting {0}</source>
        <translation>正在启用 {0}</translation>
    </message>
    <message>
        <source>Taking {0} {1} into use</source>
        <translation>正在投入使用 {0} {1}</translation>
    </message>
    <message>
        <source>Going back with {0}</source>
        <translation>正在回退 {0}</translation>
    </message>
    <message>
        <source>Importing a model</source>
        <translation>正在导入模型</translation>
    </message>
    <message>
        <source>Exporting {0}</source>
        <translation>正在导出 {0}</translation>
    </message>
    <message>
        <source>Removing {0} {1}</source>
        <translation>正在移除 {0} {1}</translation>
    </message>
    <message>
        <source>{0}. Versions here: {1}.</source>
        <translation>{0}。这里的版本：{1}。</translation>
    </message>
    <message>
        <source>There is no version {0} of {1}</source>
        <translation>{1} 没有版本 {0}</translation>
    </message>
    <message>
        <source>No version of {0} is in use</source>
        <translation>{0} 没有在用版本</translation>
    </message>
    <message>
        <source>Completing the audit</source>
        <translation>正在补全审计</translation>
    </message>
    <message>
        <source>The library was restored meanwhile. Do it again.</source>
        <translation>其间资料库已被恢复。请重做一次。</translation>
    </message>
    <message>
        <source>Only the head learns, and at a rate below {0} it stays where it was (docs/small-data.md).</source>
        <translation>只有输出层在学习，学习率低于 {0} 时几乎不会改变（见 docs/small-data.md）。</translation>
    </message>
    <message>
        <source>Looking at the models</source>
        <translation>正在查看模型</translation>
    </message>
    <message>
        <source>Reading the cards</source>
        <translation>正在读取模型卡片</translation>
    </message>
    <message>
        <source>There is too little to tell yet.</source>
        <translation>目前数据太少，无法判断。</translation>
    </message>
    <message>
        <source>Nothing stands out.</source>
        <translation>没有异常。</translation>
    </message>
    <message>
        <source>Readers agree less than before. Look at the newest disagreements on the agreement page.</source>
        <translation>阅片者的同意比以前少。请在一致情况页查看最新的不同意见。</translation>
    </message>
    <message>
        <source>Readers agree more than before. Check whether they still look before they see what AI says.</source>
        <translation>阅片者的同意比以前多。请确认他们是否仍在看 AI 之前先看图像。</translation>
    </message>
    <message>
        <source>Scores are spread differently than before. Check for a new scanner, other exposure or other patients.</source>
        <translation>评分分布与以前不同。请检查是否有新设备、曝光变化或患者变化。</translation>
    </message>
    <message>
        <source>More studies are not evaluated than before. The list “Not evaluated by AI” gives the reasons.</source>
        <translation>未评估的检查比以前多。“AI 未评估”列表给出了原因。</translation>
    </message>
    <message>
        <source>Fewer studies are not evaluated than before. Check that the right ones are read.</source>
        <translation>未评估的检查比以前少。请确认阅读的是正确的检查。</translation>
    </message>
    <message>
        <source>Making a lighter copy</source>
        <translation>正在制作轻量副本</translation>
    </message>
    <message>
        <source>The lighter copy could not be made: the process ended unexpectedly. Try again.</source>
        <translation>无法制作轻量副本：进程意外结束。请重试。</translation>
    </message>
    <message>
        <source>The ONNX file could not be made: the process ended unexpectedly. Try again.</source>
        <translation>无法制作 ONNX 文件：进程意外结束。请重试。</translation>
    </message>
    <message>
        <source>A lighter copy is tested on at least 200 pictures with the same finding. Freeze such a data set first.</source>
        <translation>轻量副本要在至少 200 幅针对同一发现的图片上测试。请先冻结这样的数据集。</translation>
    </message>
    <message>
        <source>There is no such version here.</source>
        <translation>这里没有这个版本。</translation>
    </message>
    <message>
        <source>There is no such copy. Make it first.</source>
        <translation>没有这个副本。请先制作。</translation>
    </message>
    <message>
        <source>Lighter copies need the package onnxruntime, which is not installed here (pip install medviewer[fast]).</source>
        <translation>轻量副本需要 onnxruntime 包，此处未安装（pip install medviewer[fast]）。</translation>
    </message>
    <message>
        <source>The lighter copy of the model is not the one that was tested.</source>
        <translation>模型的轻量副本不是经过测试的那个。</translation>
    </message>
    <message>
        <source>The lighter copy of the model is gone; make it again.</source>
        <translation>模型的轻量副本已不在；请重新制作。</translation>
    </message>
    <message>
        <source>The lighter copy of the model cannot be opened.</source>
        <translation>无法打开模型的轻量副本。</translation>
    </message>
    <message>
        <source>{0} The model itself is used.</source>
        <translation>{0}改用模型本身。</translation>
    </message>
    <message>
        <source>This data set is about another finding than the model.</source>
        <translation>此数据集针对的发现与模型不同。</translation>
    </message>
    <message>
        <source>Equal enough on {0} pictures.</source>
        <translation>在 {0} 幅图片上足够一致。</translation>
    </message>
    <message>
        <source>It was tested on {0} pictures; {1} are needed.</source>
        <translation>只在 {0} 幅图片上测试；需要 {1} 幅。</translation>
    </message>
    <message>
        <source>A score moves by {0}; {1} is allowed.</source>
        <translation>某个评分变化了 {0}；允许 {1}。</translation>
    </message>
    <message>
        <source>The AUC changes from {0} to {1}; {2} is allowed.</source>
        <translation>AUC 从 {0} 变为 {1}；允许 {2}。</translation>
    </message>
    <message>
        <source>It takes {0} of the model&apos;s time on this computer: not worth it.</source>
        <translation>在此计算机上耗时为模型的 {0} 倍：不值得。</translation>
    </message>
    <message>
        <source>The lighter copy could not be written to the disk.</source>
        <translation>无法将轻量副本写入磁盘。</translation>
    </message>
    <message>
        <source>There is not enough memory for this model; close other studies or programs and try again.</source>
        <translation>内存不足以运行此模型，请关闭其他检查或程序后再试。</translation>
    </message>
    <message>
        <source>This computer has no {0} device that can be used; choose auto or cpu.</source>
        <translation>本机没有可用的 {0} 设备；请选择自动或处理器。</translation>
    </message>
    <message>
        <source>No lung in this slice.</source>
        <translation>此层没有肺。</translation>
    </message>
    <message>
        <source>The image holds nothing but padding.</source>
        <translation>图像中只有填充。</translation>
    </message>
    <message>
        <source>The image is empty: all its pixels have the same value.</source>
        <translation>图像为空：所有像素值相同。</translation>
    </message>
    <message>
        <source>The image is too small ({0} pixels, at least {1} are needed).</source>
        <translation>图像过小（{0} 像素，至少需要 {1}）。</translation>
    </message>
    <message>
        <source>The model gave no number for this image.</source>
        <translation>模型没有给出此图像的数值。</translation>
    </message>
    <message>
        <source>There is no place in this image that the model reads.</source>
        <translation>此图像中没有模型可阅读的位置。</translation>
    </message>
    <message>
        <source>Shows what moved the score, not where disease is.</source>
        <translation>显示是什么改变了评分，而不是病变的位置。</translation>
    </message>
    <message>
        <source>Shows which pixels moved the score away from the baseline, not where disease is.</source>
        <translation>显示哪些像素使评分偏离基线，而不是病变的位置。</translation>
    </message>
    <message>
        <source>Shows how far the score falls when a window is covered, not where disease is.</source>
        <translation>显示遮挡某一区域时评分下降多少，而不是病变的位置。</translation>
    </message>
    <message>
        <source>Coarse: one cell covers {0} pixels.</source>
        <translation>较粗略：一个单元覆盖 {0} 像素。</translation>
    </message>
    <message>
        <source>Its parts do not add up to the score (gap {0}).</source>
        <translation>各部分之和与评分不符（差 {0}）。</translation>
    </message>
    <message>
        <source>A net with random weights marks much the same places: part of this map is the picture itself.</source>
        <translation>随机权重的网络标出的位置大致相同：此图有一部分只是图像本身。</translation>
    </message>
    <message>
        <source>Nothing in this image moved the score in this method&apos;s eyes.</source>
        <translation>按此方法，图像中没有任何部分改变评分。</translation>
    </message>
    <message>
        <source>Not evaluated, so there is nothing to explain. {0}</source>
        <translation>未评估，因此没有可解释的内容。{0}</translation>
    </message>
    <message>
        <source>The weights of {0} are not the file that was checked; install it again.</source>
        <translation>{0} 的权重不是已校验的文件，请重新安装。</translation>
    </message>
    <message>
        <source>Lung nodules</source>
        <translation>肺结节</translation>
    </message>
    <message>
        <source>Lung nodule</source>
        <translation>肺结节</translation>
    </message>
    <message>
        <source>Nodule</source>
        <translation>结节</translation>
    </message>
    <message>
        <source>nodule</source>
        <translation>结节</translation>
    </message>
    <message>
        <source>Pneumonia</source>
        <translation>肺炎</translation>
    </message>
    <message>
        <source>pneumonia</source>
        <translation>肺炎</translation>
    </message>
    <message>
        <source>normal</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>The model process stopped on image {0}. The images are not affected. Try again.</source>
        <translation>模型进程在第 {0} 幅图像处停止。图像不受影响。请重试。</translation>
    </message>
    <message>
        <source>The model process stopped while explaining image {0}. The images are not affected. Try again.</source>
        <translation>模型进程在解释第 {0} 幅图像时停止。图像不受影响。请重试。</translation>
    </message>
    <message>
        <source>The model process did not answer on image {0} and was ended. The images are not affected. Try again.</source>
        <translation>模型进程在第 {0} 幅图像处没有响应，已被结束。图像不受影响。请重试。</translation>
    </message>
    <message>
        <source>The model process did not answer while explaining image {0} and was ended. The images are not affected. Try again.</source>
        <translation>模型进程在解释第 {0} 幅图像时没有响应，已被结束。图像不受影响。请重试。</translation>
    </message>
    <message>
        <source>The model process gave an answer that does not fit and was ended. Try again.</source>
        <translation>模型进程给出的答复不相符，已被结束。请重试。</translation>
    </message>
    <message>
        <source>Lung nodule, axial chest CT</source>
        <translation>肺结节，胸部轴位 CT</translation>
    </message>
    <message>
        <source>Pneumonia, frontal chest film of a child</source>
        <translation>肺炎，儿童正位胸片</translation>
    </message>
    <message>
        <source>The model needs the body part {0} or {1}; {2}.</source>
        <translation>模型需要部位为 {0} 或 {1}；{2}。</translation>
    </message>
    <message>
        <source>The model needs the body part {0}; {1}.</source>
        <translation>模型需要部位为 {0}；{1}。</translation>
    </message>
    <message>
        <source>The model needs the view position {0} or {1}; {2}.</source>
        <translation>模型需要体位为 {0} 或 {1}；{2}。</translation>
    </message>
    <message>
        <source>The model needs the view position {0}; {1}.</source>
        <translation>模型需要体位为 {0}；{1}。</translation>
    </message>
    <message>
        <source>The model needs the photometric interpretation {0} or {1}; {2}.</source>
        <translation>模型需要光度解释为 {0} 或 {1}；{2}。</translation>
    </message>
    <message>
        <source>The model needs the photometric interpretation {0}; {1}.</source>
        <translation>模型需要光度解释为 {0}；{1}。</translation>
    </message>
    <message>
        <source>The model needs the {0} {1} or {2}; {3}.</source>
        <translation>模型需要{0}为 {1} 或 {2}；{3}。</translation>
    </message>
    <message>
        <source>Confirm that it is {0} or {1}.</source>
        <translation>请确认其为 {0} 或 {1}。</translation>
    </message>
    <message>
        <source>Confirm that it is not {0}.</source>
        <translation>请确认其不是 {0}。</translation>
    </message>
    <message>
        <source>Confirm that it is at most {0}.</source>
        <translation>请确认其不超过 {0}。</translation>
    </message>
    <message>
        <source>Confirm that it is at least {0}.</source>
        <translation>请确认其不小于 {0}。</translation>
    </message>
    <message>
        <source>Confirm that it is {0} to {1}.</source>
        <translation>请确认其在 {0} 至 {1} 之间。</translation>
    </message>
    <message>
        <source>The model needs {0} or {1}.</source>
        <translation>模型需要 {0} 或 {1}。</translation>
    </message>
    <message>
        <source>The model needs at most {0}.</source>
        <translation>模型需要不超过 {0}。</translation>
    </message>
    <message>
        <source>The model needs at least {0}.</source>
        <translation>模型需要不小于 {0}。</translation>
    </message>
    <message>
        <source>The model needs {0} to {1}.</source>
        <translation>模型需要 {0} 至 {1}。</translation>
    </message>
    <message>
        <source>The model needs at most {0} mm slices; these are {1}.</source>
        <translation>模型需要层厚不超过 {0} mm；当前为 {1}。</translation>
    </message>
    <message>
        <source>The model needs {0} to {1} mm slices; these are {2}.</source>
        <translation>模型需要层厚 {0} 至 {1} mm；当前为 {2}。</translation>
    </message>
    <message>
        <source>The model needs at most {0} mm pixels; these are {1}.</source>
        <translation>模型需要像素不超过 {0} mm；当前为 {1}。</translation>
    </message>
    <message>
        <source>The model needs {0} to {1} mm pixels; these are {2}.</source>
        <translation>模型需要像素 {0} 至 {1} mm；当前为 {2}。</translation>
    </message>
    <message>
        <source>The model needs at most {0} years as the patient&apos;s age; these are {1}.</source>
        <translation>患者 {1}；模型要求不超过 {0} 岁。</translation>
    </message>
    <message>
        <source>The model needs {0} to {1} years as the patient&apos;s age; these are {2}.</source>
        <translation>患者 {2}；模型要求 {0} 至 {1} 岁。</translation>
    </message>
    <message>
        <source>{0} to {1} mm</source>
        <translation>{0} 至 {1} mm</translation>
    </message>
    <message>
        <source>{0} years</source>
        <translation>{0} 岁</translation>
    </message>
    <message>
        <source>{0} has {1} x {2} pixels, more than a film can have.</source>
        <translation>{0} 有 {1} x {2} 像素，超过胶片上限。</translation>
    </message>
    <message>
        <source>The index {0} is too large; the files beside it were opened without it.</source>
        <translation>索引 {0} 过大，未用索引直接打开了旁边的文件。</translation>
    </message>
    <message>
        <source>{0} names a file outside its medium; it was ignored.</source>
        <translation>{0} 指向介质之外的文件，已忽略。</translation>
    </message>
    <message>
        <source>{0} leads out of its medium by a link; ignored.</source>
        <translation>{0} 通过链接指向介质之外，已忽略。</translation>
    </message>
    <message>
        <source>{0} unpacks to more than 1 GiB; it was not read.</source>
        <translation>{0} 解压后超过 1 GiB，未读取。</translation>
    </message>
    <message>
        <source>The first bytes of this file look like {0}; they were not used.</source>
        <translation>此文件的开头像{0}，未使用。</translation>
    </message>
    <message>
        <source>The high bit is not the highest stored bit; the bits were taken as the header says.</source>
        <translation>高位不是最高存储位；已按文件头取位。</translation>
    </message>
    <message>
        <source>The synthetic study could not be made; try again.</source>
        <translation>无法生成合成检查，请重试。</translation>
    </message>
    <message>
        <source>{0} image lies at the place of another, and nothing in the files tells which belong together.</source>
        <translation>{0} 幅图像与另一幅位置相同，文件中没有信息说明哪些属于一组。</translation>
    </message>
    <message>
        <source>{0} images lie at the place of another, and nothing in the files tells which belong together.</source>
        <translation>{0} 幅图像与其他图像位置相同，文件中没有信息说明哪些属于一组。</translation>
    </message>
    <message>
        <source>The files could not be read to the end; open a part of them.</source>
        <translation>文件未能全部读取；请只打开其中一部分。</translation>
    </message>
    <message>
        <source>The folder {0} has no files.</source>
        <translation>文件夹 {0} 中没有文件。</translation>
    </message>
    <message>
        <source>The folder {0} could not be read.</source>
        <translation>无法读取文件夹 {0}。</translation>
    </message>
    <message>
        <source>{0} could not be read.</source>
        <translation>{0} 无法读取。</translation>
    </message>
    <message>
        <source>Folders deeper than 64 levels were left out.</source>
        <translation>超过 64 层的文件夹已略过。</translation>
    </message>
    <message>
        <source>The pixels are not compressed as the file&apos;s header says; read by their content.</source>
        <translation>像素的压缩方式与文件头所述不符；已按内容读取。</translation>
    </message>
    <message>
        <source>{0} does not say how many rows and columns its image has.</source>
        <translation>{0} 没有说明其图像的行数和列数。</translation>
    </message>
    <message>
        <source>{0} says it has {1} frames; at most {2} are opened.</source>
        <translation>{0} 声明有 {1} 帧；最多打开 {2} 帧。</translation>
    </message>
    <message>
        <source>{0} has frames of {1} x {2} pixels, more than fits into memory.</source>
        <translation>{0} 的帧为 {1} x {2} 像素，超出内存容量。</translation>
    </message>
    <message>
        <source>{0} is damaged and could not be read.</source>
        <translation>{0} 已损坏，无法读取。</translation>
    </message>
    <message>
        <source>There is not enough memory to read this.</source>
        <translation>内存不足，无法读取。</translation>
    </message>
    <message>
        <source>This could not be read.</source>
        <translation>无法读取此内容。</translation>
    </message>
    <message>
        <source>This site&apos;s policy.json cannot be read.</source>
        <translation>本机构的 policy.json 无法读取。</translation>
    </message>
    <message>
        <source>This site&apos;s policy.json, line {0}: this is no JSON object of keys and values.</source>
        <translation>本机构的 policy.json 第 {0} 行：不是由键和值组成的 JSON 对象。</translation>
    </message>
    <message>
        <source>This site&apos;s policy.json, line {0}: {1} stands twice.</source>
        <translation>本机构的 policy.json 第 {0} 行：{1} 出现了两次。</translation>
    </message>
    <message>
        <source>This site&apos;s policy.json does not have the hash that stands beside it.</source>
        <translation>本机构的 policy.json 与旁边的哈希值不符。</translation>
    </message>
    <message>
        <source>This site&apos;s policy.json is gone; only its hash is there.</source>
        <translation>本机构的 policy.json 不见了，只剩其哈希值。</translation>
    </message>
    <message>
        <source>This site&apos;s policy.json, line {0}: {1} is not known.</source>
        <translation>本机构的 policy.json 第 {0} 行：没有 {1} 这个键。</translation>
    </message>
    <message>
        <source>This site&apos;s policy.json, line {0}: {1} cannot have this value.</source>
        <translation>本机构的 policy.json 第 {0} 行：{1} 不能取此值。</translation>
    </message>
    <message>
        <source>Settings that it names have their defaults and are locked.</source>
        <translation>其中写到的设置取默认值并被锁定。</translation>
    </message>
    <message>
        <source>Until this is put right, this holds.</source>
        <translation>在更正之前，以下规定有效。</translation>
    </message>
    <message>
        <source>{0} {1} is not among the models that this site allows. Ask your administrator.</source>
        <translation>{0} {1} 不在本机构允许的模型之列。请询问管理员。</translation>
    </message>
    <message>
        <source>The site&apos;s policy is broken; this setting is on the safe side.</source>
        <translation>本机构的策略有错；此设置取安全值。</translation>
    </message>
    <message>
        <source>No model is used.</source>
        <translation>不使用任何模型。</translation>
    </message>
    <message>
        <source>Nobody may train and promote models.</source>
        <translation>任何人都不能训练或启用模型。</translation>
    </message>
    <message>
        <source>The library stays closed.</source>
        <translation>资料库保持关闭。</translation>
    </message>
    <message>
        <source>Names are hidden at start.</source>
        <translation>启动时隐藏姓名。</translation>
    </message>
    <message>
        <source>What was opened is not remembered.</source>
        <translation>不记录打开过的内容。</translation>
    </message>
    <message>
        <source>What is open is not noted for after a crash.</source>
        <translation>不为崩溃后恢复记录已打开的内容。</translation>
    </message>
    <message>
        <source>{0} could not be read; the defaults are used.</source>
        <translation>无法读取 {0}；使用默认值。</translation>
    </message>
    <message>
        <source>{0}: {1} could not be used; the default is.</source>
        <translation>{0}：“{1}”无法使用；使用默认值。</translation>
    </message>
    <message>
        <source>The model {0} was not used: {1}</source>
        <translation>未使用模型 {0}：{1}</translation>
    </message>
    <message>
        <source>The card of the model {0} is larger than 1 MB and was not read.</source>
        <translation>模型 {0} 的卡片大于 1 MB，未读取。</translation>
    </message>
    <message>
        <source>The card of the model {0} cannot be used: {1}.</source>
        <translation>模型 {0} 的卡片无法使用：{1}。</translation>
    </message>
    <message>
        <source>The model folder {0} has no card.json that can be read.</source>
        <translation>模型文件夹 {0} 中没有可读取的 card.json。</translation>
    </message>
    <message>
        <source>The model folder {0} has no weights.safetensors.</source>
        <translation>模型文件夹 {0} 中没有 weights.safetensors。</translation>
    </message>
    <message>
        <source>The weights of the model {0} are larger than 2 GB and were not read.</source>
        <translation>模型 {0} 的权重大于 2 GB，未读取。</translation>
    </message>
    <message>
        <source>There is no model called {0}.</source>
        <translation>没有名为 {0} 的模型。</translation>
    </message>
    <message>
        <source>Known models: {0}.</source>
        <translation>已知模型：{0}。</translation>
    </message>
    <message>
        <source>Looking for devices</source>
        <translation>正在查找设备</translation>
    </message>
    <message>
        <source>{0} is missing.</source>
        <translation>缺少 {0}。</translation>
    </message>
    <message>
        <source>{0} is missing or cannot be read.</source>
        <translation>{0} 缺失或无法读取。</translation>
    </message>
    <message>
        <source>{0} is not listed in {1}.</source>
        <translation>{0} 未列在 {1} 中。</translation>
    </message>
    <message>
        <source>{0} is not the file that the card was written for.</source>
        <translation>{0} 不是卡片所对应的文件。</translation>
    </message>
    <message>
        <source>{0} has a line that cannot be read.</source>
        <translation>{0} 中有一行无法读取。</translation>
    </message>
    <message>
        <source>{0} was changed: its hash is not the one in {1}.</source>
        <translation>{0} 已被更改：其哈希值与 {1} 中的不符。</translation>
    </message>
    <message>
        <source>{0} is a link; a model folder holds plain files only.</source>
        <translation>{0} 是链接；模型文件夹只能包含普通文件。</translation>
    </message>
    <message>
        <source>{0} does not belong into a model folder.</source>
        <translation>{0} 不应在模型文件夹中。</translation>
    </message>
    <message>
        <source>{0} is too large.</source>
        <translation>{0} 过大。</translation>
    </message>
    <message>
        <source>a program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>a Windows program</source>
        <translation>Windows 程序</translation>
    </message>
    <message>
        <source>a PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>an archive</source>
        <translation>压缩包</translation>
    </message>
    <message>
        <source>chest</source>
        <translation>胸部</translation>
    </message>
    <message>
        <source>thorax</source>
        <translation>胸部</translation>
    </message>
    <message>
        <source>head</source>
        <translation>头部</translation>
    </message>
    <message>
        <source>skull</source>
        <translation>颅骨</translation>
    </message>
    <message>
        <source>neck</source>
        <translation>颈部</translation>
    </message>
    <message>
        <source>spine</source>
        <translation>脊柱</translation>
    </message>
    <message>
        <source>cspine</source>
        <translation>颈椎</translation>
    </message>
    <message>
        <source>tspine</source>
        <translation>胸椎</translation>
    </message>
    <message>
        <source>lspine</source>
        <translation>腰椎</translation>
    </message>
    <message>
        <source>pelvis</source>
        <translation>骨盆</translation>
    </message>
    <message>
        <source>shoulder</source>
        <translation>肩部</translation>
    </message>
    <message>
        <source>elbow</source>
        <translation>肘部</translation>
    </message>
    <message>
        <source>wrist</source>
        <translation>腕部</translation>
    </message>
    <message>
        <source>hand</source>
        <translation>手部</translation>
    </message>
    <message>
        <source>hip</source>
        <translation>髋部</translation>
    </message>
    <message>
        <source>knee</source>
        <translation>膝部</translation>
    </message>
    <message>
        <source>ankle</source>
        <translation>踝部</translation>
    </message>
    <message>
        <source>foot</source>
        <translation>足部</translation>
    </message>
    <message>
        <source>breast</source>
        <translation>乳腺</translation>
    </message>
    <message>
        <source>heart</source>
        <translation>心脏</translation>
    </message>
    <message>
        <source>prostate</source>
        <translation>前列腺</translation>
    </message>
    <message>
        <source>kidney</source>
        <translation>肾</translation>
    </message>
    <message>
        <source>leg</source>
        <translation>腿部</translation>
    </message>
    <message>
        <source>arm</source>
        <translation>臂部</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>布局</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>层面</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗宽窗位</translation>
    </message>
    <message>
        <source>View</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>AI</source>
        <translation>AI</translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>Open the last again</source>
        <translation>再次打开上一项</translation>
    </message>
    <message>
        <source>Clear the recent list</source>
        <translation>清空最近列表</translation>
    </message>
    <message>
        <source>Open the demonstration study</source>
        <translation>打开演示检查</translation>
    </message>
    <message>
        <source>Close the study</source>
        <translation>关闭检查</translation>
    </message>
    <message>
        <source>Show files that were left out</source>
        <translation>显示被略过的文件</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Previous series</source>
        <translation>上一序列</translation>
    </message>
    <message>
        <source>Next series</source>
        <translation>下一序列</translation>
    </message>
    <message>
        <source>First series</source>
        <translation>第一个序列</translation>
    </message>
    <message>
        <source>Last series</source>
        <translation>最后一个序列</translation>
    </message>
    <message>
        <source>Show a series</source>
        <translation>显示序列</translation>
    </message>
    <message>
        <source>Previous study</source>
        <translation>上一检查</translation>
    </message>
    <message>
        <source>Next study</source>
        <translation>下一检查</translation>
    </message>
    <message>
        <source>Layout {0}</source>
        <translation>布局 {0}</translation>
    </message>
    <message>
        <source>Series strip</source>
        <translation>序列栏</translation>
    </message>
    <message>
        <source>AI panel</source>
        <translation>AI 面板</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Cancel what is running</source>
        <translation>取消正在运行的任务</translation>
    </message>
    <message>
        <source>Clear finished jobs</source>
        <translation>清除已结束的任务</translation>
    </message>
    <message>
        <source>Find a command…</source>
        <translation>查找命令…</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>About medviewer</source>
        <translation>关于 medviewer</translation>
    </message>
    <message>
        <source>Window and level</source>
        <translation>窗宽窗位</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Scroll</source>
        <translation>滚动</translation>
    </message>
    <message>
        <source>Previous slice</source>
        <translation>上一层</translation>
    </message>
    <message>
        <source>Next slice</source>
        <translation>下一层</translation>
    </message>
    <message>
        <source>10 slices back</source>
        <translation>后退 10 层</translation>
    </message>
    <message>
        <source>10 slices on</source>
        <translation>前进 10 层</translation>
    </message>
    <message>
        <source>Ten slices back</source>
        <translation>后退 10 层</translation>
    </message>
    <message>
        <source>Ten slices on</source>
        <translation>前进 10 层</translation>
    </message>
    <message>
        <source>First slice</source>
        <translation>第一层</translation>
    </message>
    <message>
        <source>Last slice</source>
        <translation>最后一层</translation>
    </message>
    <message>
        <source>Go to a slice</source>
        <translation>转到层面</translation>
    </message>
    <message>
        <source>Cine</source>
        <translation>电影播放</translation>
    </message>
    <message>
        <source>The file&apos;s own window</source>
        <translation>文件自带窗</translation>
    </message>
    <message>
        <source>Lung window</source>
        <translation>肺窗</translation>
    </message>
    <message>
        <source>Mediastinum window</source>
        <translation>纵隔窗</translation>
    </message>
    <message>
        <source>Bone window</source>
        <translation>骨窗</translation>
    </message>
    <message>
        <source>Brain window</source>
        <translation>脑窗</translation>
    </message>
    <message>
        <source>Stroke window</source>
        <translation>卒中窗</translation>
    </message>
    <message>
        <source>Abdomen window</source>
        <translation>腹部窗</translation>
    </message>
    <message>
        <source>Liver window</source>
        <translation>肝窗</translation>
    </message>
    <message>
        <source>Angio window</source>
        <translation>血管窗</translation>
    </message>
    <message>
        <source>Window from this image</source>
        <translation>按本图像自动设窗</translation>
    </message>
    <message>
        <source>Set the window</source>
        <translation>设定窗宽窗位</translation>
    </message>
    <message>
        <source>Invert greys</source>
        <translation>灰度反转</translation>
    </message>
    <message>
        <source>Lung</source>
        <translation>肺</translation>
    </message>
    <message>
        <source>Mediastinum</source>
        <translation>纵隔</translation>
    </message>
    <message>
        <source>Bone</source>
        <translation>骨</translation>
    </message>
    <message>
        <source>Brain</source>
        <translation>脑</translation>
    </message>
    <message>
        <source>Stroke</source>
        <translation>卒中</translation>
    </message>
    <message>
        <source>Abdomen</source>
        <translation>腹部</translation>
    </message>
    <message>
        <source>Liver</source>
        <translation>肝</translation>
    </message>
    <message>
        <source>Angio</source>
        <translation>血管</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Fit to the viewport</source>
        <translation>适合视口</translation>
    </message>
    <message>
        <source>Reset the view</source>
        <translation>重置视图</translation>
    </message>
    <message>
        <source>One image pixel to one screen pixel</source>
        <translation>图像像素与屏幕像素 1:1</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Flip sideways</source>
        <translation>左右翻转</translation>
    </message>
    <message>
        <source>Flip upright</source>
        <translation>上下翻转</translation>
    </message>
    <message>
        <source>Turn right</source>
        <translation>向右旋转</translation>
    </message>
    <message>
        <source>Turn left</source>
        <translation>向左旋转</translation>
    </message>
    <message>
        <source>Smooth enlarged images</source>
        <translation>平滑放大的图像</translation>
    </message>
    <message>
        <source>Fill the centre with this viewport</source>
        <translation>让此视口占满中央</translation>
    </message>
    <message>
        <source>Corner text: full, short, none</source>
        <translation>角落文字：完整、简短、无</translation>
    </message>
    <message>
        <source>Hide names</source>
        <translation>隐藏姓名</translation>
    </message>
    <message>
        <source>Plain image (also while Space is held)</source>
        <translation>纯图像（按住空格键亦可）</translation>
    </message>
    <message>
        <source>Show AI</source>
        <translation>显示 AI</translation>
    </message>
    <message>
        <source>Read this series with the model, or stop</source>
        <translation>用模型阅读此序列，或停止</translation>
    </message>
    <message>
        <source>Read this slice with the model</source>
        <translation>用模型阅读此层</translation>
    </message>
    <message>
        <source>Read a range of slices with the model…</source>
        <translation>用模型阅读一段层面…</translation>
    </message>
    <message>
        <source>Confirm that the model fits</source>
        <translation>确认模型适用</translation>
    </message>
    <message>
        <source>Choose the model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Model card</source>
        <translation>模型卡片</translation>
    </message>
    <message>
        <source>Go to the highest score</source>
        <translation>转到最高评分</translation>
    </message>
    <message>
        <source>Previous score peak</source>
        <translation>上一评分峰</translation>
    </message>
    <message>
        <source>Next score peak</source>
        <translation>下一评分峰</translation>
    </message>
    <message>
        <source>Explanation: off, outline, heat</source>
        <translation>解释：关、轮廓、热图</translation>
    </message>
    <message>
        <source>No explanation</source>
        <translation>无解释</translation>
    </message>
    <message>
        <source>Explanation as outline</source>
        <translation>以轮廓解释</translation>
    </message>
    <message>
        <source>Explanation as heat</source>
        <translation>以热图解释</translation>
    </message>
    <message>
        <source>Explain this slice</source>
        <translation>解释此层</translation>
    </message>
    <message>
        <source>Next explanation method</source>
        <translation>下一解释方法</translation>
    </message>
    <message>
        <source>Choose the explanation method</source>
        <translation>选择解释方法</translation>
    </message>
    <message>
        <source>Next class to explain</source>
        <translation>下一要解释的类别</translation>
    </message>
    <message>
        <source>Choose the class to explain</source>
        <translation>选择要解释的类别</translation>
    </message>
    <message>
        <source>Heat less opaque</source>
        <translation>降低热图不透明度</translation>
    </message>
    <message>
        <source>Heat more opaque</source>
        <translation>提高热图不透明度</translation>
    </message>
    <message>
        <source>Set the opacity of heat</source>
        <translation>设定热图不透明度</translation>
    </message>
    <message>
        <source>Set where heat starts</source>
        <translation>设定热图起点</translation>
    </message>
    <message>
        <source>Next colour map</source>
        <translation>下一色图</translation>
    </message>
    <message>
        <source>Choose the colour map</source>
        <translation>选择色图</translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation>工作列表</translation>
    </message>
    <message>
        <source>Opinion</source>
        <translation>意见</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>阅片</translation>
    </message>
    <message>
        <source>Agreement with the models</source>
        <translation>与模型的一致情况</translation>
    </message>
    <message>
        <source>Open the study</source>
        <translation>打开检查</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Move the study up</source>
        <translation>上移检查</translation>
    </message>
    <message>
        <source>Move the study down</source>
        <translation>下移检查</translation>
    </message>
    <message>
        <source>Move to place…</source>
        <translation>移动到指定位置…</translation>
    </message>
    <message>
        <source>Hold the study in its place</source>
        <translation>将检查固定在当前位置</translation>
    </message>
    <message>
        <source>Assign to me</source>
        <translation>分配给我</translation>
    </message>
    <message>
        <source>Mark as read</source>
        <translation>标记为已阅</translation>
    </message>
    <message>
        <source>Set the urgency…</source>
        <translation>设定紧急程度…</translation>
    </message>
    <message>
        <source>Read with AI again</source>
        <translation>再次用 AI 阅读</translation>
    </message>
    <message>
        <source>Remove from the library…</source>
        <translation>从资料库中移除…</translation>
    </message>
    <message>
        <source>Find in the list</source>
        <translation>在列表中查找</translation>
    </message>
    <message>
        <source>Show what is new</source>
        <translation>显示新内容</translation>
    </message>
    <message>
        <source>Plain order of arrival</source>
        <translation>仅按到达顺序</translation>
    </message>
    <message>
        <source>Show a list</source>
        <translation>显示一个列表</translation>
    </message>
    <message>
        <source>Show some modalities only</source>
        <translation>只显示部分设备类型</translation>
    </message>
    <message>
        <source>Search the library</source>
        <translation>搜索资料库</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Add files to the worklist…</source>
        <translation>将文件加入工作列表…</translation>
    </message>
    <message>
        <source>Add a folder to the worklist…</source>
        <translation>将文件夹加入工作列表…</translation>
    </message>
    <message>
        <source>Watch a folder…</source>
        <translation>监视文件夹…</translation>
    </message>
    <message>
        <source>Watch no folder</source>
        <translation>不再监视文件夹</translation>
    </message>
    <message>
        <source>Export the list…</source>
        <translation>导出列表…</translation>
    </message>
    <message>
        <source>Show files that were left out of the worklist</source>
        <translation>显示未进入工作列表的文件</translation>
    </message>
    <message>
        <source>Agree</source>
        <translation>同意</translation>
    </message>
    <message>
        <source>Disagree</source>
        <translation>不同意</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>It is something else…</source>
        <translation>这是其他情况…</translation>
    </message>
    <message>
        <source>Note…</source>
        <translation>备注…</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Back up the library…</source>
        <translation>备份资料库…</translation>
    </message>
    <message>
        <source>Restore the library…</source>
        <translation>恢复资料库…</translation>
    </message>
    <message>
        <source>Check the audit</source>
        <translation>检查审计</translation>
    </message>
    <message>
        <source>All unread</source>
        <translation>全部未阅</translation>
    </message>
    <message>
        <source>AI score above point</source>
        <translation>AI 评分高于阈值</translation>
    </message>
    <message>
        <source>Not evaluated by AI</source>
        <translation>AI 未评估</translation>
    </message>
    <message>
        <source>AI failed</source>
        <translation>AI 失败</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>我的检查</translation>
    </message>
    <message>
        <source>Read today</source>
        <translation>今日已阅</translation>
    </message>
    <message>
        <source>All studies</source>
        <translation>全部检查</translation>
    </message>
    <message>
        <source>Open a study first.</source>
        <translation>请先打开一个检查。</translation>
    </message>
    <message>
        <source>This series has only one image.</source>
        <translation>此序列只有一幅图像。</translation>
    </message>
    <message>
        <source>This window was opened read-only.</source>
        <translation>此窗口以只读方式打开。</translation>
    </message>
    <message>
        <source>Nothing was opened lately.</source>
        <translation>最近没有打开过任何内容。</translation>
    </message>
    <message>
        <source>No file was left out.</source>
        <translation>没有被略过的文件。</translation>
    </message>
    <message>
        <source>Nothing is running.</source>
        <translation>没有正在运行的任务。</translation>
    </message>
    <message>
        <source>No finished job is in the list.</source>
        <translation>列表中没有已结束的任务。</translation>
    </message>
    <message>
        <source>Only one study is open.</source>
        <translation>只打开了一个检查。</translation>
    </message>
    <message>
        <source>This is the {0} series.</source>
        <translation>这是{0}序列。</translation>
    </message>
    <message>
        <source>first</source>
        <translation>第一个</translation>
    </message>
    <message>
        <source>last</source>
        <translation>最后一个</translation>
    </message>
    <message>
        <source>There is no further study in the list.</source>
        <translation>列表中没有更多检查。</translation>
    </message>
    <message>
        <source>This is a colour image; it has no window.</source>
        <translation>这是彩色图像，没有窗宽窗位。</translation>
    </message>
    <message>
        <source>The image is not loaded yet.</source>
        <translation>图像尚未载入。</translation>
    </message>
    <message>
        <source>The {0} window is for {1} images.</source>
        <translation>{0}窗用于 {1} 图像。</translation>
    </message>
    <message>
        <source>lung</source>
        <translation>肺</translation>
    </message>
    <message>
        <source>mediastinum</source>
        <translation>纵隔</translation>
    </message>
    <message>
        <source>bone</source>
        <translation>骨</translation>
    </message>
    <message>
        <source>brain</source>
        <translation>脑</translation>
    </message>
    <message>
        <source>stroke</source>
        <translation>卒中</translation>
    </message>
    <message>
        <source>abdomen</source>
        <translation>腹部</translation>
    </message>
    <message>
        <source>liver</source>
        <translation>肝</translation>
    </message>
    <message>
        <source>angio</source>
        <translation>血管</translation>
    </message>
    <message>
        <source>No model here reads {0} of this kind.</source>
        <translation>这里没有能阅读此类 {0} 的模型。</translation>
    </message>
    <message>
        <source>No model here reads this series.</source>
        <translation>这里没有能阅读此序列的模型。</translation>
    </message>
    <message>
        <source>The model is reading this series.</source>
        <translation>模型正在阅读此序列。</translation>
    </message>
    <message>
        <source>The model has read every slice of this series.</source>
        <translation>模型已阅读此序列的全部层面。</translation>
    </message>
    <message>
        <source>The model has read this slice.</source>
        <translation>模型已阅读此层。</translation>
    </message>
    <message>
        <source>There is no score yet. Read the series first.</source>
        <translation>尚无评分。请先阅读此序列。</translation>
    </message>
    <message>
        <source>There is no {0} score peak.</source>
        <translation>没有{0}评分峰。</translation>
    </message>
    <message>
        <source>later</source>
        <translation>之后的</translation>
    </message>
    <message>
        <source>earlier</source>
        <translation>之前的</translation>
    </message>
    <message>
        <source>This model has only one class.</source>
        <translation>此模型只有一个类别。</translation>
    </message>
    <message>
        <source>The headers say whether the model fits; nothing is left to confirm.</source>
        <translation>文件头已说明模型是否适用，无需确认。</translation>
    </message>
    <message>
        <source>Choose outline or heat first.</source>
        <translation>请先选择轮廓或热图。</translation>
    </message>
    <message>
        <source>The model has not read this slice. Read it first.</source>
        <translation>模型尚未阅读此层。请先阅读。</translation>
    </message>
    <message>
        <source>This slice was not evaluated.</source>
        <translation>此层未评估。</translation>
    </message>
    <message>
        <source>This screen shows greys only; heat would look like a lesion. Outline can be used.</source>
        <translation>此屏幕只显示灰度，热图会像病灶。可以使用轮廓。</translation>
    </message>
    <message>
        <source>There is no such model.</source>
        <translation>没有这个模型。</translation>
    </message>
    <message>
        <source>This entry is not in the recent list any more.</source>
        <translation>此项已不在最近列表中。</translation>
    </message>
    <message>
        <source>{0} cannot be done with these values.</source>
        <translation>无法用这些数值执行“{0}”。</translation>
    </message>
    <message>
        <source>Choose images from 1 to {0}.</source>
        <translation>请选择 1 到 {0} 的图像。</translation>
    </message>
    <message>
        <source>The width of a window is above 0.</source>
        <translation>窗宽必须大于 0。</translation>
    </message>
    <message>
        <source>{0} is the key of {1}. Choose another one.</source>
        <translation>{0} 已是“{1}”的快捷键。请另选一个。</translation>
    </message>
    <message>
        <source>This series is not open any more.</source>
        <translation>此序列已关闭。</translation>
    </message>
    <message>
        <source>{0}: this value cannot be used.</source>
        <translation>{0}：不能使用此值。</translation>
    </message>
    <message>
        <source>The site&apos;s policy fixes this setting.</source>
        <translation>本机构的策略固定了此设置。</translation>
    </message>
    <message>
        <source>Only the site&apos;s policy can change this setting.</source>
        <translation>只有本机构的策略可以更改此设置。</translation>
    </message>
    <message>
        <source>The settings could not be kept; they hold until the program ends.</source>
        <translation>设置无法保存，仅在程序结束前有效。</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>阅片</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Tool at start</source>
        <translation>启动时的工具</translation>
    </message>
    <message>
        <source>What the left mouse button does in a viewport when the program starts.</source>
        <translation>程序启动时鼠标左键在视口中的作用。</translation>
    </message>
    <message>
        <source>Dragging up makes the image brighter</source>
        <translation>向上拖动使图像变亮</translation>
    </message>
    <message>
        <source>Off turns the vertical direction of the window drag round.</source>
        <translation>关闭则反转调窗的上下方向。</translation>
    </message>
    <message>
        <source>Turning the wheel down shows the next image</source>
        <translation>向下滚动显示下一幅图像</translation>
    </message>
    <message>
        <source>Off turns the direction of the wheel round.</source>
        <translation>关闭则反转滚轮方向。</translation>
    </message>
    <message>
        <source>Layout at start</source>
        <translation>启动时的布局</translation>
    </message>
    <message>
        <source>How many viewports are shown when the program starts.</source>
        <translation>程序启动时显示几个视口。</translation>
    </message>
    <message>
        <source>Interpolates between pixels when an image is enlarged. Off shows the pixels as they are.</source>
        <translation>放大图像时在像素之间插值。关闭则按原样显示像素。</translation>
    </message>
    <message>
        <source>Corner text at start</source>
        <translation>启动时的角落文字</translation>
    </message>
    <message>
        <source>How much text stands in the corners of a viewport when the program starts.</source>
        <translation>程序启动时视口角落显示多少文字。</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>完整</translation>
    </message>
    <message>
        <source>Short</source>
        <translation>简短</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Corner text size</source>
        <translation>角落文字大小</translation>
    </message>
    <message>
        <source>Height of the text in a viewport.</source>
        <translation>视口中文字的高度。</translation>
    </message>
    <message>
        <source>Cine speed</source>
        <translation>电影播放速度</translation>
    </message>
    <message>
        <source>Images a second when the file does not state its own speed.</source>
        <translation>文件未给出速度时每秒的图像数。</translation>
    </message>
    <message>
        <source>images/s</source>
        <translation>幅/秒</translation>
    </message>
    <message>
        <source>px</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>MB</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>When AI scores and marks may appear. Looking first, without AI, is a way of reading.</source>
        <translation>AI 评分和标记何时可以出现。先不看 AI 也是一种阅片方式。</translation>
    </message>
    <message>
        <source>At once</source>
        <translation>立即</translation>
    </message>
    <message>
        <source>After every slice was seen</source>
        <translation>看过全部层面后</translation>
    </message>
    <message>
        <source>Only when X is pressed</source>
        <translation>仅在按下 X 后</translation>
    </message>
    <message>
        <source>Explanation at start</source>
        <translation>启动时的解释</translation>
    </message>
    <message>
        <source>What of an explanation is drawn when a series is opened.</source>
        <translation>打开序列时显示哪种解释。</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>轮廓</translation>
    </message>
    <message>
        <source>Heat</source>
        <translation>热图</translation>
    </message>
    <message>
        <source>Explanation method</source>
        <translation>解释方法</translation>
    </message>
    <message>
        <source>LayerGradCam is there at once; IntegratedGradients is finer and takes seconds; Occlusion takes longest.</source>
        <translation>LayerGradCam 立即可得；IntegratedGradients 更精细，需数秒；Occlusion 最慢。</translation>
    </message>
    <message>
        <source>Opacity of heat</source>
        <translation>热图不透明度</translation>
    </message>
    <message>
        <source>How strongly heat covers the image at most.</source>
        <translation>热图最多遮盖图像的程度。</translation>
    </message>
    <message>
        <source>Heat starts at</source>
        <translation>热图起点</translation>
    </message>
    <message>
        <source>Share of the map&apos;s maximum below which heat is clear.</source>
        <translation>低于最大值的这一比例时热图透明。</translation>
    </message>
    <message>
        <source>Colour map</source>
        <translation>色图</translation>
    </message>
    <message>
        <source>Colours of heat. All three rise steadily in lightness, also for colour-blind eyes.</source>
        <translation>热图的颜色。三种色图的亮度都稳定上升，色盲者也可分辨。</translation>
    </message>
    <message>
        <source>Inferno</source>
        <translation>Inferno</translation>
    </message>
    <message>
        <source>Viridis</source>
        <translation>Viridis</translation>
    </message>
    <message>
        <source>Cividis</source>
        <translation>Cividis</translation>
    </message>
    <message>
        <source>LayerGradCam</source>
        <translation>LayerGradCam</translation>
    </message>
    <message>
        <source>IntegratedGradients</source>
        <translation>IntegratedGradients</translation>
    </message>
    <message>
        <source>Run models on</source>
        <translation>模型运行于</translation>
    </message>
    <message>
        <source>Automatic takes a graphics card if there is one.</source>
        <translation>“自动”会在有显卡时使用显卡。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Graphics card (CUDA)</source>
        <translation>显卡 (CUDA)</translation>
    </message>
    <message>
        <source>Apple graphics (MPS)</source>
        <translation>Apple 图形 (MPS)</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Slices read together</source>
        <translation>一次阅读的层数</translation>
    </message>
    <message>
        <source>Fewer need less memory; the program halves it itself.</source>
        <translation>层数少则占内存少；程序会自行减半。</translation>
    </message>
    <message>
        <source>Keys that differ from the table of commands: command id and its keys. Clashes are refused.</source>
        <translation>与命令表不同的快捷键：命令名称及其快捷键。冲突会被拒绝。</translation>
    </message>
    <message>
        <source>This screen shows greys only</source>
        <translation>此屏幕只显示灰度</translation>
    </message>
    <message>
        <source>Heat is not offered on such a screen: turned to grey it looks like a denser lesion. Outline stays.</source>
        <translation>这种屏幕不提供热图：变成灰度后会像更致密的病灶。仍可用轮廓。</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>Black surfaces, white text, wider borders. The system&apos;s own switch does the same.</source>
        <translation>黑色背景、白色文字、更宽的边框。系统自带的开关有同样作用。</translation>
    </message>
    <message>
        <source>Brightness of the window around the images</source>
        <translation>图像周围窗口的亮度</translation>
    </message>
    <message>
        <source>Never changes the images.</source>
        <translation>绝不改变图像。</translation>
    </message>
    <message>
        <source>Hide names at start</source>
        <translation>启动时隐藏姓名</translation>
    </message>
    <message>
        <source>Names, ids and birth dates are hidden when the program starts (for shared screens).</source>
        <translation>程序启动时隐藏姓名、编号和出生日期（用于共享屏幕）。</translation>
    </message>
    <message>
        <source>Remember what was opened</source>
        <translation>记住打开过的内容</translation>
    </message>
    <message>
        <source>Keeps the paths of the last ten openings on this computer.</source>
        <translation>在本机保存最近十次打开的路径。</translation>
    </message>
    <message>
        <source>Language of the program. Texts of the files are never translated.</source>
        <translation>程序的语言。文件中的文字不会被翻译。</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>简体中文</source>
        <translation>简体中文</translation>
    </message>
    <message>
        <source>Memory for images</source>
        <translation>图像内存</translation>
    </message>
    <message>
        <source>Decoded images are kept up to this size, so that scrolling is immediate.</source>
        <translation>解码后的图像最多保存到此大小，以便立即滚动。</translation>
    </message>
    <message>
        <source>Memory for explanations</source>
        <translation>解释内存</translation>
    </message>
    <message>
        <source>Explanations are kept up to this size, so that they need not be computed again.</source>
        <translation>解释结果最多保存到此大小，以免重新计算。</translation>
    </message>
    <message>
        <source>Grad-CAM</source>
        <translation>Grad-CAM</translation>
    </message>
    <message>
        <source>Integrated gradients</source>
        <translation>积分梯度</translation>
    </message>
    <message>
        <source>Occlusion</source>
        <translation>遮挡法</translation>
    </message>
    <message>
        <source>at once</source>
        <translation>立即</translation>
    </message>
    <message>
        <source>some seconds, refines itself</source>
        <translation>数秒，逐步细化</translation>
    </message>
    <message>
        <source>takes longest</source>
        <translation>最慢</translation>
    </message>
    <message>
        <source>Worklist and opinions</source>
        <translation>工作列表与意见</translation>
    </message>
    <message>
        <source>Your reading first</source>
        <translation>先由您判断</translation>
    </message>
    <message>
        <source>These models stay hidden until the reader has given an opinion of their own; the order is kept with it.</source>
        <translation>在阅片者给出自己的意见之前，这些模型的结果一直隐藏；先后顺序与意见一同保存。</translation>
    </message>
    <message>
        <source>Longest wait, STAT</source>
        <translation>最长等待时间，特急</translation>
    </message>
    <message>
        <source>Longest wait, urgent</source>
        <translation>最长等待时间，紧急</translation>
    </message>
    <message>
        <source>Longest wait, routine</source>
        <translation>最长等待时间，常规</translation>
    </message>
    <message>
        <source>A study that has waited for three quarters of this goes to the top of its class, whatever its score.</source>
        <translation>等待达到此时间四分之三的检查升到同级的最前面，无论其评分如何。</translation>
    </message>
    <message>
        <source>min</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>Read films without header</source>
        <translation>阅读没有文件头的胶片</translation>
    </message>
    <message>
        <source>Pictures dropped on the worklist are taken for chest films although nothing says so; their rows say it.</source>
        <translation>拖放到工作列表的图片被当作胸片，尽管没有任何信息说明这一点；列表行中会注明。</translation>
    </message>
    <message>
        <source>Watched folder</source>
        <translation>监视的文件夹</translation>
    </message>
    <message>
        <source>Files that are put into this folder come to the worklist by themselves.</source>
        <translation>放入此文件夹的文件会自动进入工作列表。</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>您的姓名</translation>
    </message>
    <message>
        <source>Stands beside your opinions and in the audit. Without it the name of the login is used.</source>
        <translation>显示在您的意见旁并写入审计。未填写时使用登录名。</translation>
    </message>
    <message>
        <source>Address of a PostgreSQL database that several workstations share. Empty: a file on this computer.</source>
        <translation>多台工作站共用的 PostgreSQL 数据库地址。留空：使用本机上的文件。</translation>
    </message>
    <message>
        <source>STAT order.</source>
        <translation>申请为特急。</translation>
    </message>
    <message>
        <source>Urgent order.</source>
        <translation>申请为紧急。</translation>
    </message>
    <message>
        <source>Routine order.</source>
        <translation>申请为常规。</translation>
    </message>
    <message>
        <source>Moved here by hand.</source>
        <translation>由人工移到此处。</translation>
    </message>
    <message>
        <source>Moved here by {0}.</source>
        <translation>由 {0} 移到此处。</translation>
    </message>
    <message>
        <source>AI score {0}, at or above the operating point {1} ({2}, {3}).</source>
        <translation>AI 评分 {0}，达到或高于工作阈值 {1}（{2}，{3}）。</translation>
    </message>
    <message>
        <source>AI score {0}, at or above the operating point {1} ({2}).</source>
        <translation>AI 评分 {0}，达到或高于工作阈值 {1}（{2}）。</translation>
    </message>
    <message>
        <source>AI score {0}, below the operating point {1} ({2}, {3}).</source>
        <translation>AI 评分 {0}，低于工作阈值 {1}（{2}，{3}）。</translation>
    </message>
    <message>
        <source>AI score {0}, below the operating point {1} ({2}).</source>
        <translation>AI 评分 {0}，低于工作阈值 {1}（{2}）。</translation>
    </message>
    <message>
        <source>AI probability {0}, at or above the operating point {1} ({2}, {3}).</source>
        <translation>AI 概率 {0}，达到或高于工作阈值 {1}（{2}，{3}）。</translation>
    </message>
    <message>
        <source>AI probability {0}, at or above the operating point {1} ({2}).</source>
        <translation>AI 概率 {0}，达到或高于工作阈值 {1}（{2}）。</translation>
    </message>
    <message>
        <source>AI probability {0}, below the operating point {1} ({2}, {3}).</source>
        <translation>AI 概率 {0}，低于工作阈值 {1}（{2}，{3}）。</translation>
    </message>
    <message>
        <source>AI probability {0}, below the operating point {1} ({2}).</source>
        <translation>AI 概率 {0}，低于工作阈值 {1}（{2}）。</translation>
    </message>
    <message>
        <source>AI, unverified.</source>
        <translation>AI 结果，未经核实。</translation>
    </message>
    <message>
        <source>So far, {0} of {1} images: {2}</source>
        <translation>目前已读 {1} 幅图像中的 {0} 幅：{2}</translation>
    </message>
    <message>
        <source>Not evaluated: no model was asked.</source>
        <translation>未评估：未让任何模型阅读。</translation>
    </message>
    <message>
        <source>Not yet read by AI.</source>
        <translation>AI 尚未阅读。</translation>
    </message>
    <message>
        <source>AI is reading it now.</source>
        <translation>AI 正在阅读。</translation>
    </message>
    <message>
        <source>Not evaluated by AI.</source>
        <translation>AI 未评估。</translation>
    </message>
    <message>
        <source>AI reading failed.</source>
        <translation>AI 阅读失败。</translation>
    </message>
    <message>
        <source>Its time of arrival is not known.</source>
        <translation>到达时间不明。</translation>
    </message>
    <message>
        <source>Waiting {0}.</source>
        <translation>已等待 {0}。</translation>
    </message>
    <message>
        <source>Waiting {0}; target {1}.</source>
        <translation>已等待 {0}；目标 {1}。</translation>
    </message>
    <message>
        <source>Waiting {0}; target {1}, which is over: it goes to the top of its class.</source>
        <translation>已等待 {0}，超过目标 {1}：升到同级的最前面。</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 小时 {1} 分钟</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} 小时</translation>
    </message>
    <message>
        <source>{0} d {1} h</source>
        <translation>{0} 天 {1} 小时</translation>
    </message>
    <message>
        <source>{0} d</source>
        <translation>{0} 天</translation>
    </message>
    <message>
        <source>The film has no header: nobody confirmed that it is a chest film.</source>
        <translation>未确认是胸片（无文件头）。</translation>
    </message>
    <message>
        <source>The film has no header: nobody confirmed that it is a plain film.</source>
        <translation>未确认是平片（无文件头）。</translation>
    </message>
    <message>
        <source>The film has no header: nobody confirmed that it is a {0} film.</source>
        <translation>未确认是{0}片（无文件头）。</translation>
    </message>
    <message>
        <source>There is no image to read.</source>
        <translation>没有可阅读的图像。</translation>
    </message>
    <message>
        <source>No model here reads {0} of the {1}.</source>
        <translation>{1} {0} 无模型可读。</translation>
    </message>
    <message>
        <source>No model here reads films without header.</source>
        <translation>没有模型能阅读无文件头的胶片。</translation>
    </message>
    <message>
        <source>No model here reads images without a modality.</source>
        <translation>没有模型能阅读设备类型不明的图像。</translation>
    </message>
    <message>
        <source>No model here reads {0}.</source>
        <translation>没有模型能阅读 {0}。</translation>
    </message>
    <message>
        <source>images without a modality</source>
        <translation>设备类型不明的图像</translation>
    </message>
    <message>
        <source>No image of this study could be read.</source>
        <translation>此检查没有能读取的图像。</translation>
    </message>
    <message>
        <source>Reading this study failed because of a fault in medviewer; the details are in the log.</source>
        <translation>由于 medviewer 的故障，阅读此检查失败；详情见日志。</translation>
    </message>
    <message>
        <source>The files are no longer where they were (folder {0}).</source>
        <translation>文件已不在原处（文件夹 {0}）。</translation>
    </message>
    <message>
        <source>Study kept; put them back and read again.</source>
        <translation>检查已保留；请将文件放回后再次阅读。</translation>
    </message>
    <message>
        <source>The files are not the ones that came (folder {0}): they have changed.</source>
        <translation>文件已不是当初收到的文件（文件夹 {0}）：内容已更改。</translation>
    </message>
    <message>
        <source>Study kept; add them again.</source>
        <translation>检查已保留；请重新加入文件。</translation>
    </message>
    <message>
        <source>{0} of {1} files are no longer where they were, or have changed (folder {2}).</source>
        <translation>{1} 个文件中有 {0} 个已不在原处或已更改（文件夹 {2}）。</translation>
    </message>
    <message>
        <source>Reading files was stopped.</source>
        <translation>读取文件已停止。</translation>
    </message>
    <message>
        <source>Studies on the worklist may not be whole: add the files again to complete them.</source>
        <translation>工作列表中的检查可能不完整：请重新加入文件以补全。</translation>
    </message>
    <message>
        <source>The watched folder {0} cannot be read.</source>
        <translation>无法读取监视文件夹 {0}。</translation>
    </message>
    <message>
        <source>Its files come in when it is back.</source>
        <translation>文件夹恢复后，其中的文件会进入列表。</translation>
    </message>
    <message>
        <source>The watched folder {0} has more than {1} files; those beyond are left out.</source>
        <translation>监视的文件夹 {0} 中的文件超过 {1} 个；超出的已略过。</translation>
    </message>
    <message>
        <source>{0} is not a folder that is there.</source>
        <translation>文件夹 {0} 不存在。</translation>
    </message>
    <message>
        <source>{0} is not a folder; choose another one.</source>
        <translation>{0} 不是文件夹；请另选一个。</translation>
    </message>
    <message>
        <source>Opening a study</source>
        <translation>正在打开检查</translation>
    </message>
    <message>
        <source>Reading for the worklist with {0}</source>
        <translation>正在用“{0}”为工作列表阅读</translation>
    </message>
    <message>
        <source>Looking for files</source>
        <translation>正在查找文件</translation>
    </message>
    <message>
        <source>Key pictures</source>
        <translation>关键图像</translation>
    </message>
    <message>
        <source>Writing the worklist</source>
        <translation>正在写入工作列表</translation>
    </message>
    <message>
        <source>Checking the audit</source>
        <translation>正在检查审计</translation>
    </message>
    <message>
        <source>Backing up the library</source>
        <translation>正在备份资料库</translation>
    </message>
    <message>
        <source>Restoring the library</source>
        <translation>正在恢复资料库</translation>
    </message>
    <message>
        <source>Checking the library</source>
        <translation>正在检查资料库</translation>
    </message>
    <message>
        <source>Moved to place {0}.</source>
        <translation>已移到第 {0} 位。</translation>
    </message>
    <message>
        <source>Held at place {0}.</source>
        <translation>已固定在第 {0} 位。</translation>
    </message>
    <message>
        <source>Back in its own place.</source>
        <translation>已回到原来的位置。</translation>
    </message>
    <message>
        <source>Assigned to you.</source>
        <translation>已分配给您。</translation>
    </message>
    <message>
        <source>Not assigned to you any more.</source>
        <translation>不再分配给您。</translation>
    </message>
    <message>
        <source>Marked as read.</source>
        <translation>已标记为已阅。</translation>
    </message>
    <message>
        <source>Marked as unread.</source>
        <translation>已标记为未阅。</translation>
    </message>
    <message>
        <source>Urgency: {0}.</source>
        <translation>紧急程度：{0}。</translation>
    </message>
    <message>
        <source>stat</source>
        <translation>特急</translation>
    </message>
    <message>
        <source>urgent</source>
        <translation>紧急</translation>
    </message>
    <message>
        <source>routine</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Kept: you agree.</source>
        <translation>已保存：您同意。</translation>
    </message>
    <message>
        <source>Kept: you disagree.</source>
        <translation>已保存：您不同意。</translation>
    </message>
    <message>
        <source>Kept: you are unsure.</source>
        <translation>已保存：您不确定。</translation>
    </message>
    <message>
        <source>Kept: you say it is something else.</source>
        <translation>已保存：您认为是其他情况。</translation>
    </message>
    <message>
        <source>Kept: your note.</source>
        <translation>已保存您的备注。</translation>
    </message>
    <message>
        <source>Kept: {0}.</source>
        <translation>已保存：{0}。</translation>
    </message>
    <message>
        <source>present</source>
        <translation>有</translation>
    </message>
    <message>
        <source>absent</source>
        <translation>无</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>Your opinion was not kept.</source>
        <translation>您的意见未能保存。</translation>
    </message>
    <message>
        <source>Open a study or choose one in the list first.</source>
        <translation>请先打开一个检查，或在列表中选择一个。</translation>
    </message>
    <message>
        <source>There is no result to agree with yet.</source>
        <translation>尚无可供同意的结果。</translation>
    </message>
    <message>
        <source>AI is hidden.</source>
        <translation>AI 已隐藏。</translation>
    </message>
    <message>
        <source>Press X to show it.</source>
        <translation>按 X 显示。</translation>
    </message>
    <message>
        <source>Give an opinion first; a note goes with it.</source>
        <translation>请先给出意见；备注随意见一同保存。</translation>
    </message>
    <message>
        <source>Hidden until you have given your own opinion.</source>
        <translation>在您给出自己的意见之前隐藏。</translation>
    </message>
    <message>
        <source>Hidden until you have given your own opinion: the policy for this model.</source>
        <translation>在您给出自己的意见之前隐藏：这是此模型的规定。</translation>
    </message>
    <message>
        <source>Choose a study in the list first.</source>
        <translation>请先在列表中选择一个检查。</translation>
    </message>
    <message>
        <source>This list is in order of arrival; rows of the unread lists can be moved.</source>
        <translation>此列表按到达顺序排列；未阅列表中的行可以移动。</translation>
    </message>
    <message>
        <source>The list is up to date.</source>
        <translation>列表已是最新。</translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation>没有可撤销的操作。</translation>
    </message>
    <message>
        <source>No folder is watched.</source>
        <translation>没有监视任何文件夹。</translation>
    </message>
    <message>
        <source>The list is empty.</source>
        <translation>列表为空。</translation>
    </message>
    <message>
        <source>There is no further study in the worklist.</source>
        <translation>工作列表中没有更多检查。</translation>
    </message>
    <message>
        <source>{0} of {1} files of this study are no longer in the folder {2}.</source>
        <translation>此检查的 {1} 个文件中有 {0} 个已不在文件夹 {2} 中。</translation>
    </message>
    <message>
        <source>The files of this study are no longer in the folder {0}.</source>
        <translation>此检查的文件已不在文件夹 {0} 中。</translation>
    </message>
    <message>
        <source>Put them back, or drop them again.</source>
        <translation>请将其放回，或重新拖放。</translation>
    </message>
    <message>
        <source>This study has no files any more.</source>
        <translation>此检查已没有文件。</translation>
    </message>
    <message>
        <source>Another program is writing into the library; try again in a moment.</source>
        <translation>另一个程序正在写入资料库；请稍后再试。</translation>
    </message>
    <message>
        <source>Nothing was written.</source>
        <translation>未写入任何内容。</translation>
    </message>
    <message>
        <source>The disk with the library is full; free some space and try again.</source>
        <translation>资料库所在磁盘已满；请腾出空间后再试。</translation>
    </message>
    <message>
        <source>The library may only be read: its file, its folder or the account does not allow writing.</source>
        <translation>资料库只能读取：其文件、文件夹或账户不允许写入。</translation>
    </message>
    <message>
        <source>The library ({0}) is damaged; restore a backup, or move the file away to begin a new one.</source>
        <translation>资料库（{0}）已损坏；请恢复备份，或移走该文件以新建资料库。</translation>
    </message>
    <message>
        <source>The disk with the library ({0}) reports an error; check it and try again.</source>
        <translation>资料库（{0}）所在磁盘报告错误；请检查磁盘后再试。</translation>
    </message>
    <message>
        <source>The library ({0}) is not where it was; bring its folder or disk back and try again.</source>
        <translation>资料库（{0}）已不在原处；请恢复其文件夹或磁盘后再试。</translation>
    </message>
    <message>
        <source>The library&apos;s server cannot be reached; check the network and the setting library.url.</source>
        <translation>无法连接资料库的服务器；请检查网络和设置 library.url。</translation>
    </message>
    <message>
        <source>The library&apos;s database does not use UTF-8; make one with ENCODING &apos;UTF8&apos;.</source>
        <translation>资料库的数据库未使用 UTF-8；请用 ENCODING &apos;UTF8&apos; 新建一个。</translation>
    </message>
    <message>
        <source>A library on a server needs psycopg; install it with: pip install &apos;medviewer[postgres]&apos;.</source>
        <translation>服务器上的资料库需要 psycopg；请安装：pip install &apos;medviewer[postgres]&apos;。</translation>
    </message>
    <message>
        <source>The setting library.url is no folder and no address such as postgresql+psycopg://user@host/name.</source>
        <translation>设置 library.url 既不是文件夹，也不是 postgresql+psycopg://user@host/name 这样的地址。</translation>
    </message>
    <message>
        <source>{0} is a database of another program; give medviewer a folder or a database of its own.</source>
        <translation>{0} 是其他程序的数据库；请为 medviewer 指定专用的文件夹或数据库。</translation>
    </message>
    <message>
        <source>There is no library yet ({0}).</source>
        <translation>尚无资料库（{0}）。</translation>
    </message>
    <message>
        <source>The library ({0}) was written by a newer medviewer; update this program to open it.</source>
        <translation>资料库（{0}）由更新版本的 medviewer 写入；请更新本程序以打开它。</translation>
    </message>
    <message>
        <source>The library ({0}) is of an older version and may only be read; open it once for writing.</source>
        <translation>资料库（{0}）版本较旧且只能读取；请以可写方式打开一次。</translation>
    </message>
    <message>
        <source>This study is not in the library any more.</source>
        <translation>此检查已不在资料库中。</translation>
    </message>
    <message>
        <source>The files of this study are gone: other content lies in their place.</source>
        <translation>此检查的文件已不在：原处是其他内容。</translation>
    </message>
    <message>
        <source>Files of this study came again with other content under the same UID; both are kept.</source>
        <translation>此检查的文件以相同 UID 再次到达但内容不同；两者均已保留。</translation>
    </message>
    <message>
        <source>The server looks after its files itself; ask its administrator for a check.</source>
        <translation>服务器自行管理其文件；请让管理员检查。</translation>
    </message>
    <message>
        <source>The database is sound.</source>
        <translation>数据库完好。</translation>
    </message>
    <message>
        <source>The database is damaged; restore a backup.</source>
        <translation>数据库已损坏；请恢复备份。</translation>
    </message>
    <message>
        <source>The library is backed up in {0}.</source>
        <translation>资料库已备份到 {0}。</translation>
    </message>
    <message>
        <source>The library is as in {0}.</source>
        <translation>资料库已恢复到 {0} 中的状态。</translation>
    </message>
    <message>
        <source>The state before is kept in {0}.</source>
        <translation>之前的状态保存在 {0} 中。</translation>
    </message>
    <message>
        <source>There is no space for {0} there; free some, or choose another disk.</source>
        <translation>那里没有存放 {0} 的空间；请腾出空间或另选磁盘。</translation>
    </message>
    <message>
        <source>Nothing was left behind.</source>
        <translation>没有留下任何残余文件。</translation>
    </message>
    <message>
        <source>The folder of {0} does not allow writing; choose another one.</source>
        <translation>{0} 所在文件夹不可写入；请另选一个。</translation>
    </message>
    <message>
        <source>The folder or disk of {0} is gone; bring it back, or choose another one.</source>
        <translation>{0} 所在文件夹或磁盘已不在；请恢复，或另选一个。</translation>
    </message>
    <message>
        <source>The disk for {0} reports an error; choose another one.</source>
        <translation>{0} 所在磁盘报告错误；请另选一个。</translation>
    </message>
    <message>
        <source>The folder of {0} does not exist.</source>
        <translation>{0} 所在文件夹不存在。</translation>
    </message>
    <message>
        <source>{0} exists already; choose another name.</source>
        <translation>{0} 已存在；请另选名称。</translation>
    </message>
    <message>
        <source>{0} is not a backup of a medviewer library; choose another file.</source>
        <translation>{0} 不是 medviewer 资料库的备份；请另选文件。</translation>
    </message>
    <message>
        <source>{0} is damaged or was cut off; choose another backup.</source>
        <translation>{0} 已损坏或被截断；请另选备份。</translation>
    </message>
    <message>
        <source>{0} holds what no medviewer writes: it was changed or is damaged; choose another backup.</source>
        <translation>{0} 含有 medviewer 不会写入的内容：已被更改或损坏；请另选备份。</translation>
    </message>
    <message>
        <source>{0} is a library in use, not a backup; make a backup of it first.</source>
        <translation>{0} 是正在使用的资料库，不是备份；请先为其制作备份。</translation>
    </message>
    <message>
        <source>{0} was written by a newer medviewer; update this program to restore it.</source>
        <translation>{0} 由更新版本的 medviewer 写入；请更新本程序后再恢复。</translation>
    </message>
    <message>
        <source>The audit in {0} does not fit together: entries were changed, removed or moved.</source>
        <translation>{0} 中的审计前后不符：有记录被更改、删除或移动。</translation>
    </message>
    <message>
        <source>There is no file {0}.</source>
        <translation>没有文件 {0}。</translation>
    </message>
    <message>
        <source>{0} may not be read.</source>
        <translation>无权读取 {0}。</translation>
    </message>
    <message>
        <source>There is no space to bring the backup up to date; free some.</source>
        <translation>没有空间用于更新备份；请腾出一些空间。</translation>
    </message>
    <message>
        <source>Nothing after entry {0} can be read.</source>
        <translation>第 {0} 条记录之后的内容无法读取。</translation>
    </message>
    <message>
        <source>{0} more entries do not fit.</source>
        <translation>另有 {0} 条记录不符。</translation>
    </message>
    <message>
        <source>Entry {0} does not follow {1}: one was changed, removed, put in or moved there.</source>
        <translation>第 {0} 条记录与{1}不衔接：此处有记录被更改、删除、插入或移动。</translation>
    </message>
    <message>
        <source>entry {0}</source>
        <translation>第 {0} 条记录</translation>
    </message>
    <message>
        <source>the beginning</source>
        <translation>链的开头</translation>
    </message>
    <message>
        <source>Entry {0} was written as entry {1}: it was moved or copied.</source>
        <translation>第 {0} 条记录原为第 {1} 条：已被移动或复制。</translation>
    </message>
    <message>
        <source>Entry {0} is not as it was written.</source>
        <translation>第 {0} 条记录已不是写入时的内容。</translation>
    </message>
    <message>
        <source>Entry {0} is out of order.</source>
        <translation>第 {0} 条记录次序不对。</translation>
    </message>
    <message>
        <source>Entry {0} is missing.</source>
        <translation>缺少第 {0} 条记录。</translation>
    </message>
    <message>
        <source>Entries {0} to {1} are missing.</source>
        <translation>缺少第 {0} 至 {1} 条记录。</translation>
    </message>
    <message>
        <source>The head of the chain names them.</source>
        <translation>链头提到了这些记录。</translation>
    </message>
    <message>
        <source>The head of the chain names entry {0}, the last one is {1}.</source>
        <translation>链头指向第 {0} 条记录，而最后一条是第 {1} 条。</translation>
    </message>
    <message>
        <source>This workstation last saw entry {0} of the chain that entry {1} put aside; the file that was kept then holds it.</source>
        <translation>本工作站最后见到的是第 {0} 条记录，属于被第 {1} 条记录搁置的链；当时保留的文件中有该记录。</translation>
    </message>
    <message>
        <source>This workstation saw an entry {0} that is gone or another one now: the chain was cut or made anew after that.</source>
        <translation>本工作站见过的第 {0} 条记录已不在或已改变：此后链被截断或重建。</translation>
    </message>
    <message>
        <source>Entry {0}: on {1} the library was restored from {2}.</source>
        <translation>第 {0} 条记录：{1} 从 {2} 恢复了资料库。</translation>
    </message>
    <message>
        <source>Before that, {0} had come to entry {1}; {2} holds the state before.</source>
        <translation>在此之前，{0}已到第 {1} 条记录；{2} 保存了之前的状态。</translation>
    </message>
    <message>
        <source>this chain</source>
        <translation>此链</translation>
    </message>
    <message>
        <source>another chain, now put aside,</source>
        <translation>另一条现已搁置的链</translation>
    </message>
    <message>
        <source>It cannot find that somebody who may write the database made the whole chain anew, with its head, if no workstation kept its anchor; keep backups where that person cannot write.</source>
        <translation>如果没有工作站保留锚点，此检查无法发现有权写入数据库的人连同链头重建了整条链；请将备份存放在该人无法写入的地方。</translation>
    </message>
    <message>
        <source>It cannot find deeds that were never entered: what another program did to the database or to the files.</source>
        <translation>此检查无法发现从未记录的操作：例如其他程序对数据库或文件所做的操作。</translation>
    </message>
    <message>
        <source>The times are those of each workstation&apos;s clock; a wrong clock writes wrong times.</source>
        <translation>时间取自各工作站的时钟；时钟不准则记录的时间不准。</translation>
    </message>
    <message>
        <source>This workstation has no anchor yet: it cannot find entries that were removed at the end together with the head.</source>
        <translation>本工作站尚无锚点：无法发现末尾记录与链头一同被删除的情况。</translation>
    </message>
    <message>
        <source>The anchor of this workstation cannot be read: the chain was checked without it.</source>
        <translation>无法读取本工作站的锚点：检查链时未使用它。</translation>
    </message>
</context>
</TS>
